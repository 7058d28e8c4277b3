using System.Security.Cryptography;
using DemoFl.Identity;
using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Relay.Hosting;
using DemoFl.Sharing;
using Microsoft.Extensions.Logging.Abstractions;

namespace DemoFl.Figures.RoundTime;

/// <summary>A real server and real nodes with a connection each, over sockets, in this process, watched by a clock.</summary>
internal sealed class TimedFederation(IReadOnlyList<Dataset> parts, Model model) : IRunObserver
{
    private const ulong Seed = 1;
    private static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>Runs one job to its end.</summary>
    /// <exception cref="FigureException">It did not succeed.</exception>
    public async Task<IReadOnlyList<double[]>> RunAsync(Layout layout, int leaders, int rounds, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("demofl-figures-").FullName;
        using var key = IdentityKey.Create();
        using var clock = new PhaseClock();
        try
        {
            var settings = new ServerSettings { Key = key, Trust = new FirstUseTrust(), Folder = Path.Combine(folder, "run") };
            await using var server = await Server.StartAsync(settings, JobOf(layout, leaders, rounds), this, _ => { });
            using var cores = new SemaphoreSlim(Environment.ProcessorCount);
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task[] nodes = [.. parts.Select((part, i) => RunNodeAsync($"node-{i + 1}", part, server.Address, cores, clock, layout, stop.Token))];
            var (succeeded, reason) = await server.Completion.WaitAsync(cancellation);
            await Task.WhenAll(nodes);
            return succeeded ? clock.Phases() : throw new FigureException($"The run failed: {reason}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    public void On(CoordinatorEvent happened)
    {
        // The nodes are watched, not the server.
    }

    public void On(RoundReport report)
    {
        // Nothing is evaluated.
    }

    private static async Task RunNodeAsync(
        string name, Dataset part, Uri server, SemaphoreSlim cores, PhaseClock clock, Layout layout, CancellationToken cancellation)
    {
        using var key = IdentityKey.Create();
        using var trainer = new TimedTrainer(name, part, cores, clock);
        using var connection = new ServerConnection(server, tlsAuthority: null);
        var options = new NodeOptions
        {
            Server = server, Name = name, Key = key, Trust = new FirstUseTrust(), Trainer = trainer,
            Incarnation = new Incarnation(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)))),
            Policy = new NodePolicy(AllowPlain: layout == Layout.Plain),
        };
        await PhaseClock.Start(name, () => new Node.Node(options, connection, clock, NullLogger<Node.Node>.Instance).RunAsync(cancellation));
    }

    private Job JobOf(Layout layout, int leaders, int rounds)
    {
        var encoding = new EncodingRules(RingBits: 32, Clip: 0.5, MaxSampleCount: 1000, Lanes.LossFractionBits, Encoding.MinClip, Encoding.MaxClip);
        var training = new TrainingPlan(
            model.Name, model.Layout.Length, Epochs: 5, BatchSize: 10, LearningRate: 0.05, Momentum: 0, WeightDecay: 0, Seed);
        var rules = new CoordinatorRules(
            default, Math.Max(1, leaders), ElectionMode.First, ElectionWindow: TimeSpan.FromMilliseconds(500), KeyDeadline: TimeSpan.FromMinutes(5),
            MinimumNodes: parts.Count, Fraction: 1, KMin: 3, layout, encoding, training, UploadDeadline: Patience, CloseDeadline: Patience, rounds);
        return Job.Of($"round time, {layout}, {leaders}", model, Seed, rules);
    }
}
