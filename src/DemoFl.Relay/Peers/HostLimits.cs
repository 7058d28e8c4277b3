using DemoFl.Wire;

namespace DemoFl.Relay.Peers;

/// <summary>
/// What peers may take of the server's ports, all in one place. A connection is *unjoined* until a node's session is proven or named on it;
/// the process of a federation's nodes has three, for control, for heartbeats, and for vectors and envelopes.
/// </summary>
internal sealed record HostLimits
{
    /// <summary>Open connections on the gRPC port.</summary>
    public int MaxConnections { get; init; } = 12_288;

    /// <summary>Of these, unjoined ones from one address (of IPv6, one /64 network).</summary>
    public int MaxUnjoinedPerAddress { get; init; } = 512;

    /// <summary>Calls without a session that are open at a time.</summary>
    public int MaxUnjoinedCalls { get; init; } = 16_384;

    /// <summary>Of these, from one address.</summary>
    public int MaxUnjoinedCallsPerAddress { get; init; } = 4096;

    /// <summary>From a connection's beginning to its first session; a connection that has none by then ends.</summary>
    public TimeSpan JoinDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For a connection that was asked to close at <see cref="JoinDeadline"/> to take what it asked for and do so.</summary>
    public TimeSpan ClosePatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What a connection may send before its first session, whatever it is: one message of the largest size, and frames. On the pages' port, which
    /// has no sessions, what one request may have.
    /// </summary>
    public long MaxUnjoinedBytes { get; init; } = 2L * WireLimits.MaxMessageBytes;

    /// <summary>Calls that a connection may open and give up before its first session.</summary>
    public int MaxUnjoinedAbandonedCalls { get; init; } = 1000;

    /// <summary>Open connections on the pages' port, and of these from one address: a browser opens six.</summary>
    public int MaxPageConnections { get; init; } = 256;

    /// <summary>Open connections on the pages' port from one address.</summary>
    public int MaxPageConnectionsPerAddress { get; init; } = 64;

    /// <summary>For the TLS handshake, within <see cref="JoinDeadline"/>.</summary>
    public TimeSpan TlsHandshakeDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From the first byte of a request's headers to the last.</summary>
    public TimeSpan RequestHeadersDeadline { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection without a request may stay.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(130);

    /// <summary>From silence on a connection to a ping, and from a ping to its answer.</summary>
    public TimeSpan Ping { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Calls open on one connection.</summary>
    public int MaxStreamsPerConnection { get; init; } = 1000;

    /// <summary>A request's headers, names and values together, in bytes.</summary>
    public int MaxHeadersBytes { get; init; } = 32 * 1024;

    /// <summary>A request's headers.</summary>
    public int MaxHeaders { get; init; } = 100;

    /// <summary>An HTTP/1.1 request line, in bytes.</summary>
    public int MaxRequestLineBytes { get; init; } = 4 * 1024;

    /// <summary>An HTTP/2 frame, in bytes: the least that the protocol allows.</summary>
    public int MaxFrameBytes { get; init; } = 16 * 1024;

    /// <summary>HPACK's table of each connection, in bytes.</summary>
    public int HeaderTableBytes { get; init; } = 4096;

    /// <summary>A stream moves at most one window per round trip; Kestrel's default is made for short ones.</summary>
    public int StreamWindowBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The window of a connection, in bytes.</summary>
    public int ConnectionWindowBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>What bytes of requests and responses that are no streams must keep up, in bytes per second, and the time to get there.</summary>
    public double MinBytesPerSecond { get; init; } = 240;

    /// <summary>In which a request or response may fall below <see cref="MinBytesPerSecond"/>.</summary>
    public TimeSpan RateGrace { get; init; } = TimeSpan.FromSeconds(30);
}
