using System.Security.Cryptography;
using DemoFl.Identity;
using DemoFl.Node;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Relay.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace DemoFl.Figures;

/// <summary>A real server and real nodes with a connection each, over sockets, in this process.</summary>
internal static class LocalFederation
{
    /// <summary>Nothing here is to end for the want of time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>Runs a job to its end, one node a trainer.</summary>
    /// <param name="job">The job.</param>
    /// <param name="trainers">By the nodes' names.</param>
    /// <param name="watch">Hears of the server's rounds.</param>
    /// <param name="nodeWatch">Hears of the nodes' rounds.</param>
    /// <param name="start">How a node's work is started.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="FigureException">It did not succeed.</exception>
    public static async Task RunAsync(
        Job job, IReadOnlyDictionary<string, ITrainer> trainers, IRunObserver watch, INodeObserver nodeWatch, Func<string, Func<Task<bool>>, Task> start,
        CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("demofl-figures-").FullName;
        using var key = IdentityKey.Create();
        try
        {
            var settings = new ServerSettings { Key = key, Trust = new FirstUseTrust(), Folder = Path.Combine(folder, "run") };
            await using var server = await Server.StartAsync(settings, job, watch, _ => { });
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            Task[] nodes = [.. trainers.Select(t => start(t.Key, () => NodeAsync(t.Key, t.Value, server.Address, job.Rules.Layout, nodeWatch, stop.Token)))];
            var (succeeded, reason) = await server.Completion.WaitAsync(cancellation);
            await Task.WhenAll(nodes);
            if (!succeeded)
            {
                throw new FigureException($"The run failed: {reason}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> NodeAsync(
        string name, ITrainer trainer, Uri server, Layout layout, INodeObserver watch, CancellationToken cancellation)
    {
        using var key = IdentityKey.Create();
        using var connection = new ServerConnection(server, tlsAuthority: null);
        var options = new NodeOptions
        {
            Server = server, Name = name, Key = key, Trust = new FirstUseTrust(), Trainer = trainer,
            Incarnation = new Incarnation(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)))),
            Policy = new NodePolicy(AllowPlain: layout == Layout.Plain),
        };
        return (await new Node.Node(options, connection, watch, NullLogger<Node.Node>.Instance).RunAsync(cancellation)).Succeeded;
    }
}
