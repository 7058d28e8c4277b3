using DemoFl.Relay.Audit;
using Microsoft.AspNetCore.Connections;

namespace DemoFl.Relay.Peers;

/// <summary>
/// The first thing on a connection, below TLS: lets it in while there is room for it, gives it time and bytes to join with, and reports how it
/// went wrong.
/// </summary>
internal sealed class ConnectionGate(HostLimits limits, ConnectionTable table, AuditLog audit, TimeProvider clock)
{
    /// <summary>Timers may fire this much early, measured by the clock.</summary>
    private static readonly TimeSpan TimerSlack = TimeSpan.FromMilliseconds(50);

    private readonly AddressQuota _all = new(limits.MaxConnections, int.MaxValue);
    private readonly AddressQuota _unjoined = new(limits.MaxConnections, limits.MaxUnjoinedPerAddress);
    private readonly AddressQuota _pages = new(limits.MaxPageConnections, limits.MaxPageConnectionsPerAddress);

    /// <summary>Runs a connection to the gRPC port.</summary>
    public async Task RunGrpcAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        string address = AddressQuota.AddressOf(connection.RemoteEndPoint);
        if (_all.Take(address) is { } full)
        {
            Refuse(connection, address, $"{full} are connected");
            return;
        }

        try
        {
            await RunAsync(connection, next, PortKind.Grpc, address, _unjoined);
        }
        finally
        {
            _all.Return(address);
        }
    }

    /// <summary>Runs a connection to the pages' port.</summary>
    public Task RunPagesAsync(ConnectionContext connection, ConnectionDelegate next) =>
        RunAsync(connection, next, PortKind.Pages, AddressQuota.AddressOf(connection.RemoteEndPoint), _pages);

    /// <summary>Runs a connection whose TLS handshake is done; goes after the one that does it.</summary>
    public static Task RunShakenAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Features.Set(HandshakeDone.Instance);
        return next(connection);
    }

    /// <summary>Reports a connection whose TLS handshake failed or took too long; goes before the one that does it.</summary>
    public async Task RunUnshakenAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        long began = clock.GetTimestamp();
        await next(connection);
        if (connection.Features.Get<HandshakeDone>() is null && connection.Features.Get<PeerConnection>() is { } peer)
        {
            if (clock.GetElapsedTime(began) + TimerSlack >= limits.TlsHandshakeDeadline)
            {
                peer.Report(AuditKind.DeadlineExpired, $"no TLS handshake within {limits.TlsHandshakeDeadline.TotalSeconds:0.###} s");
            }
            else if (peer.HasSent)
            {
                // Nothing sent and gone again is a port probe.
                peer.Report(AuditKind.ProtocolViolation, "the TLS handshake failed");
            }
        }
    }

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next, PortKind port, string address, AddressQuota quota)
    {
        if (quota.Take(address) is { } full)
        {
            Refuse(connection, address, port == PortKind.Pages ? $"{full} are connected" : $"{full} are connected without a session");
            return;
        }

        // Pages have no sessions: their connections count until they end.
        var peer = new PeerConnection(connection, port, audit, limits, () => quota.Return(address));
        connection.Features.Set(peer);
        connection.Transport = new MeteredTransport(connection.Transport, peer);
        table.Add(connection.ConnectionId, peer);
        var deadline = clock.CreateTimer(static p => ((PeerConnection)p!).JoinDeadlinePassed(), peer, limits.JoinDeadline, limits.ClosePatience);
        try
        {
            await next(connection);
        }
        finally
        {
            await deadline.DisposeAsync();
            table.Remove(connection.ConnectionId);
            peer.Join();
        }
    }

    private void Refuse(ConnectionContext connection, string address, string reason)
    {
        audit.Record(new AuditEvent(AuditKind.LimitReached, PeerName.Of(connection.RemoteEndPoint), null, "connection", reason), address);
        connection.Abort(new ConnectionAbortedException(reason));
    }

    private sealed class HandshakeDone
    {
        public static readonly HandshakeDone Instance = new();
    }
}
