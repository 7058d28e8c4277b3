using System.Collections.Concurrent;

namespace DemoFl.Relay.Peers;

/// <summary>The open connections by Kestrel's id, for what Kestrel tells only by id. Thread-safe.</summary>
internal sealed class ConnectionTable
{
    private readonly ConcurrentDictionary<string, PeerConnection> _connections = new();

    public PeerConnection? Find(string id) => _connections.GetValueOrDefault(id);

    public void Add(string id, PeerConnection connection) => _connections[id] = connection;

    public void Remove(string id) => _connections.TryRemove(id, out _);
}
