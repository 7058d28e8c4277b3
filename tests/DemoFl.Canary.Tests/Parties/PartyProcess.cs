using System.Security.Cryptography;
using DemoFl.Identity;
using DemoFl.Node;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace DemoFl.Canary.Tests.Parties;

/// <summary>
/// A party in a process of its own, with a trainer of its own: <c>canary SERVER NAME</c> carries a pattern in its first update, <c>other SERVER
/// NAME</c> waits before each update for a line on standard input. Ends when standard input does.
/// </summary>
internal static class PartyProcess
{
    public const string Canary = "canary", Other = "other";

    public static async Task<int> RunAsync(string[] args)
    {
        var (role, server, name) = (args[0], new Uri(args[1]), args[2]);
        using var key = IdentityKey.Create();
        using var stop = new CancellationTokenSource();
        using var turns = new SemaphoreSlim(0);
        ITrainer trainer = role == Canary ? new CanaryTrainer(Console.Out) : new OtherTrainer(turns);
        var options = new NodeOptions
        {
            Server = server, Name = name, Key = key, Trust = new FirstUseTrust(), Trainer = trainer,
            Incarnation = new Incarnation(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16))), Policy = new NodePolicy(AllowPlain: true),
        };
        using var connection = new ServerConnection(server, null);

        // On a thread of its own: reading from the console blocks, whatever the method is called.
        _ = Task.Run(() => ListenAsync(turns, stop));
        try
        {
            await new Node.Node(options, connection, new Silent(), NullLogger<Node.Node>.Instance).RunAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Who started this process has what it wanted.
        }

        return 0;
    }

    private static async Task ListenAsync(SemaphoreSlim turns, CancellationTokenSource stop)
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
            turns.Release();
        }

        await stop.CancelAsync();
    }

    private sealed class Silent : INodeObserver
    {
        public void On(string node, NodeEvent happened)
        {
        }
    }
}
