using DemoFl.Identity;
using DemoFl.Node.Connections;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>A node of a test: its identity, its connection, what it reported and how it ended.</summary>
internal sealed class Member : INodeObserver, IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IdentityKey _key;
    private readonly ServerConnection _connection;

    public Member(NodeOptions options, LogBook log, TimeProvider? clock)
    {
        _key = options.Key;
        Options = options with
        {
            Policy = options.Policy with
            {
                OwnerObjection = spec =>
                {
                    Specs.Add(spec);
                    return options.Policy.OwnerObjection?.Invoke(spec);
                },
            },
        };
        _connection = new ServerConnection(options.Server, options.TlsAuthority);
        Completion = new Node(Options, _connection, this, log.CreateLogger<Node>(), clock).RunAsync(_stop.Token);
    }

    public NodeOptions Options { get; }

    public NodeId Id => new(new Hash256(_key.Id.Span));

    public EventLog<NodeEvent> Events { get; } = new();

    /// <summary>Called by the node's loop before it goes on.</summary>
    public Action<NodeEvent>? Meanwhile { get; set; }

    /// <summary>What this node was told of each round, declined or not.</summary>
    public EventLog<RoundSpec> Specs { get; } = new();

    public Task<(bool Succeeded, string Reason)> Completion { get; }

    public void On(string node, NodeEvent happened)
    {
        Events.Add(happened);
        Meanwhile?.Invoke(happened);
    }

    /// <summary>Ends the node without a word to the server.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Completion;
        }
        catch (Exception e) when (e is OperationCanceledException or NodeRefusedException or Grpc.Core.RpcException or ArgumentException)
        {
            // How it ended is for the test that cares.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _connection.Dispose();
        _key.Dispose();
        _stop.Dispose();
    }
}
