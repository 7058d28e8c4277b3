using DemoFl.Relay.Audit;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace DemoFl.Relay.Peers;

/// <summary>
/// One connection as its port's gate sees it: who is there, what it has done, whether a session has joined on it. A feature of the connection,
/// so that the calls on it find it. What is wrong with it is reported once. Thread-safe.
/// </summary>
internal sealed class PeerConnection
{
    private readonly ConnectionContext _connection;
    private readonly AuditLog _audit;
    private readonly HostLimits _limits;
    private readonly Action _joined;
    private int _hasJoined;
    private int _hasReported;
    private int _isClosing;
    private int _openCalls;
    private int _answeredCalls;
    private int _abandonedCalls;
    private long _unjoinedBytes;

    /// <param name="connection">The connection, below TLS.</param>
    /// <param name="port">What it came to.</param>
    /// <param name="audit">Where to report.</param>
    /// <param name="limits">What it may do.</param>
    /// <param name="joined">Called once, when the first session joins or the connection ends.</param>
    public PeerConnection(ConnectionContext connection, PortKind port, AuditLog audit, HostLimits limits, Action joined)
    {
        (_connection, Port, _audit, _limits, _joined) = (connection, port, audit, limits, joined);
        (Address, Peer) = (AddressQuota.AddressOf(connection.RemoteEndPoint), PeerName.Of(connection.RemoteEndPoint));
    }

    public PortKind Port { get; }

    /// <summary>By what limits count.</summary>
    public string Address { get; }

    /// <summary>Address and port, in gRPC's notation.</summary>
    public string Peer { get; }

    public bool IsJoined => Volatile.Read(ref _hasJoined) != 0;

    /// <summary>Whether it sent anything yet that was taken.</summary>
    public bool HasSent => Interlocked.Read(ref _unjoinedBytes) > 0;

    /// <summary>A session was proven or named on it: from now on it is a member's.</summary>
    public void Join()
    {
        if (Interlocked.Exchange(ref _hasJoined, 1) == 0)
        {
            _joined();
        }
    }

    public void CallBegan() => Interlocked.Increment(ref _openCalls);

    /// <param name="abandoned">Given up by the caller.</param>
    public void CallEnded(bool abandoned)
    {
        Interlocked.Decrement(ref _openCalls);
        Interlocked.Increment(ref abandoned ? ref _abandonedCalls : ref _answeredCalls);
        if (Port == PortKind.Pages)
        {
            // There is no session to wait for, and who watches the pages may stay: the limit is each request's.
            Interlocked.Exchange(ref _unjoinedBytes, 0);
        }

        if (abandoned && !IsJoined && Volatile.Read(ref _abandonedCalls) > _limits.MaxUnjoinedAbandonedCalls)
        {
            End(AuditKind.LimitReached, $"more than {_limits.MaxUnjoinedAbandonedCalls} calls opened and given up before a session");
        }
    }

    /// <summary>Bytes came in before the first session, or of a page's request.</summary>
    public void Received(long bytes)
    {
        if (Interlocked.Add(ref _unjoinedBytes, bytes) > _limits.MaxUnjoinedBytes && !IsJoined)
        {
            string what = Port == PortKind.Pages ? "in one request" : "before a session";
            End(AuditKind.LimitReached, $"more than {_limits.MaxUnjoinedBytes} bytes sent {what}");
        }
    }

    /// <summary>
    /// The time for a first session has passed. One that asked and was answered, and asks nothing now, is told to close, and closed when the next
    /// deadline finds it still there.
    /// </summary>
    public void JoinDeadlinePassed()
    {
        if (IsJoined || (Port == PortKind.Pages && Volatile.Read(ref _answeredCalls) > 0))
        {
            return;
        }

        if (Volatile.Read(ref _openCalls) == 0 && Volatile.Read(ref _answeredCalls) > 0)
        {
            if (Interlocked.Exchange(ref _isClosing, 1) == 0)
            {
                _connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose();
            }
            else
            {
                End(AuditKind.SlowReader, $"answers not taken {_limits.ClosePatience.TotalSeconds:0.###} s after the connection was told to close");
            }

            return;
        }

        string missing = Port == PortKind.Pages ? "request" : "session";
        End(AuditKind.DeadlineExpired, $"no {missing} within {_limits.JoinDeadline.TotalSeconds:0.###} s");
    }

    /// <summary>Says what is wrong with the connection, unless something has been said already.</summary>
    public void Report(AuditKind kind, string reason)
    {
        if (Interlocked.Exchange(ref _hasReported, 1) == 0)
        {
            _audit.Record(new AuditEvent(kind, Peer, null, "connection", reason), Address);
        }
    }

    private void End(AuditKind kind, string reason)
    {
        Report(kind, reason);
        _connection.Abort(new ConnectionAbortedException(reason));
    }
}
