using DemoFl.Learning;
using DemoFl.Node;
using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Sharing;

namespace DemoFl.Figures.Dropouts;

/// <summary>One run, round by round.</summary>
/// <param name="Rate">The chance of a selected party to drop out of a round.</param>
/// <param name="Parties">How many were selected.</param>
/// <param name="Summed">How many were summed.</param>
/// <param name="Accuracy">Share of the test examples classified correctly.</param>
internal sealed record DropoutRun(double Rate, IReadOnlyList<int> Parties, IReadOnlyList<int> Summed, IReadOnlyList<double> Accuracy);

/// <summary>Runs a federation of which parties drop out.</summary>
internal sealed class DropoutFederation(IReadOnlyList<Dataset> parts, Model model, Dataset heldOut, double fraction) : IRunObserver, INodeObserver
{
    private const ulong Seed = 1;
    private readonly List<RoundReport> _reports = [];

    /// <summary>Told of every committed round.</summary>
    public Action<RoundReport> Told { get; init; } = _ => { };

    /// <exception cref="FigureException">The run did not succeed.</exception>
    public async Task<DropoutRun> RunAsync(double rate, int rounds, int epochs, CancellationToken cancellation)
    {
        _reports.Clear();
        using var cores = new SemaphoreSlim(Environment.ProcessorCount);
        DroppingTrainer[] trainers = [.. parts.Select((part, i) => new DroppingTrainer(i, part, rate, cores))];
        try
        {
            await LocalFederation.RunAsync(
                JobOf(rounds, epochs), trainers.Select((t, i) => (t, i)).ToDictionary(t => $"node-{t.i}", ITrainer (t) => t.t), this, this, (_, work) => work(),
                cancellation);
        }
        finally
        {
            Array.ForEach(trainers, t => t.Dispose());
        }

        return new DropoutRun(
            rate, [.. _reports.Select(r => r.Parties)], [.. _reports.Select(r => r.Intersection)], [.. _reports.Select(r => Math.Round(r.Accuracy, 6))]);
    }

    public void On(CoordinatorEvent happened)
    {
        // The rounds' reports say it all.
    }

    /// <summary>One at a time, in the order of the rounds.</summary>
    public void On(RoundReport report)
    {
        _reports.Add(report);
        Told(report);
    }

    public void On(string node, NodeEvent happened)
    {
        // Nor are the nodes watched.
    }

    private Job JobOf(int rounds, int epochs)
    {
        var encoding = new EncodingRules(RingBits: 32, Clip: 0.5, MaxSampleCount: 1000, Lanes.LossFractionBits, Encoding.MinClip, Encoding.MaxClip);
        var training = new TrainingPlan(model.Name, model.Layout.Length, epochs, BatchSize: 10, LearningRate: 0.05, Momentum: 0, WeightDecay: 0, Seed);
        var rules = new CoordinatorRules(
            default, Leaders: 3, ElectionMode.First, ElectionWindow: TimeSpan.FromMilliseconds(500), KeyDeadline: TimeSpan.FromMinutes(5),
            MinimumNodes: parts.Count, fraction, KMin: 3, Layout.Masked, encoding, training, UploadDeadline: LocalFederation.Patience,
            CloseDeadline: LocalFederation.Patience, rounds)
        {
            // A machine that has other things to do must not lose leaders.
            Care = LeaderCare.Default with { Heartbeat = TimeSpan.FromMinutes(1) },
        };
        return Job.Of("drop-outs", model, Seed, rules, heldOut);
    }
}
