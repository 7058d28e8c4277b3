using System.Collections.Concurrent;
using System.Net;

namespace DemoFl.Chaos.Network;

/// <summary>A <see cref="TcpFaultProxy"/> for each node of a federation, between it and the server. Thread-safe.</summary>
internal sealed class FaultyLinks : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TcpFaultProxy> _links = new();

    /// <summary>A node's link.</summary>
    public TcpFaultProxy this[string node] => _links[node];

    /// <summary>The address that a node is told: its link's, whose other end is the server's port.</summary>
    public Uri RouteOf(string node, Uri server)
    {
        var link = _links.GetOrAdd(node, _ => TcpFaultProxy.Start(new IPEndPoint(IPAddress.Loopback, server.Port)));
        return new UriBuilder(server) { Host = link.Address.Address.ToString(), Port = link.Address.Port }.Uri;
    }

    /// <summary>A node's connection for beats and their answers.</summary>
    /// <exception cref="ChaosException">It has none.</exception>
    public ProxiedConnection HeartbeatOf(string node) => Connection(node, "Coordinator/Heartbeat");

    /// <summary>A node's connection for vectors and envelopes.</summary>
    /// <exception cref="ChaosException">It has none.</exception>
    public ProxiedConnection BulkOf(string node) => Connection(node, "Relay/Link");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_links.Values.Select(link => link.DisposeAsync().AsTask()));

    private ProxiedConnection Connection(string node, string call) =>
        this[node].Connections.LastOrDefault(c => c.HasSent(call)) ?? throw new ChaosException($"{node} has no connection for {call}.");
}
