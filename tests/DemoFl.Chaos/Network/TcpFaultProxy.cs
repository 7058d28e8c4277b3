using System.Net;
using System.Net.Sockets;

namespace DemoFl.Chaos.Network;

/// <summary>
/// A TCP link that can be made bad: listens on a free loopback port and passes every connection on to a target. What it does to bytes is
/// <see cref="Up"/>'s and <see cref="Down"/>'s for all connections, and each <see cref="ProxiedConnection"/>'s own. Thread-safe.
/// </summary>
internal sealed class TcpFaultProxy : IAsyncDisposable
{
    /// <summary>Connections that are open at a time; more are reset.</summary>
    private const int MaxConnections = 4096;

    /// <summary>What a socket may hold: a reader that is slow is to be felt by the sender, and not after megabytes.</summary>
    private const int SocketBytes = 64 * 1024;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<(ProxiedConnection Connection, Task Running)> _connections = [];
    private readonly IPEndPoint _target;
    private readonly Task _accepting;

    private volatile bool _isRefusing;

    private TcpFaultProxy(IPEndPoint target)
    {
        _target = target;
        _listener.ReceiveBufferSize = SocketBytes;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address { get; }

    /// <summary>From clients to the target.</summary>
    public Flow Up { get; } = new();

    /// <summary>From the target to clients.</summary>
    public Flow Down { get; } = new();

    /// <summary>Whether new connections are reset at once; those that are open stay.</summary>
    public bool IsRefusing
    {
        get => _isRefusing;
        set => _isRefusing = value;
    }

    /// <summary>The connections that are open, oldest first.</summary>
    public IReadOnlyList<ProxiedConnection> Connections
    {
        get
        {
            lock (_gate)
            {
                return [.. _connections.Select(c => c.Connection)];
            }
        }
    }

    /// <summary>Begins to listen.</summary>
    /// <param name="target">Where connections go; it need not listen yet.</param>
    public static TcpFaultProxy Start(IPEndPoint target) => new(target);

    /// <summary>Nothing passes any more in either direction, and connections stay open.</summary>
    public void Stall()
    {
        Up.Stall();
        Down.Stall();
    }

    /// <summary>No fault any more, neither of the link nor of a connection, except of those whose bytes were lost.</summary>
    public void Heal()
    {
        foreach (var flow in Connections.SelectMany(c => new[] { c.Up, c.Down }).Append(Up).Append(Down))
        {
            flow.Heal();
        }

        IsRefusing = false;
    }

    /// <summary>Ends all open connections with resets.</summary>
    public void ResetAll()
    {
        foreach (var connection in Connections)
        {
            connection.Reset();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        Task[] running;
        lock (_gate)
        {
            running = [.. _connections.Select(c => c.Running)];
        }

        await Task.WhenAll(running);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptAsync(_stop.Token);
                if (IsRefusing || Connections.Count >= MaxConnections)
                {
                    ProxiedConnection.Abort(client);
                    continue;
                }

                Begin(client);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // A client that went before it was accepted, or the end.
            }
        }
    }

    private void Begin(Socket client)
    {
        var target = new Socket(_target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        (client.NoDelay, target.NoDelay, target.ReceiveBufferSize) = (true, true, SocketBytes);
        var connection = new ProxiedConnection(client, target);
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _connections.Add((connection, RunAsync(connection, target, begun.Task)));
        }

        begun.SetResult();
    }

    private async Task RunAsync(ProxiedConnection connection, Socket target, Task begun)
    {
        using (connection)
        {
            await begun;
            try
            {
                await target.ConnectAsync(_target, _stop.Token);
                await connection.RunAsync(Up, Down, _stop.Token);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
            {
                connection.Reset();
            }

            lock (_gate)
            {
                _connections.RemoveAll(c => c.Connection == connection);
            }
        }
    }
}
