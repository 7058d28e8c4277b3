namespace Grpc.Core;

/// <summary>What a handler knows of its call. Valid until the handler returns.</summary>
public abstract class ServerCallContext
{
    /// <summary>The path: <c>/service/method</c>.</summary>
    public string Method => MethodCore;

    /// <summary>The <c>:authority</c> the client called.</summary>
    public string Host => HostCore;

    /// <summary>The client's address: <c>ipv4:1.2.3.4:5</c>, <c>ipv6:[::1]:5</c> or <c>unix:path</c>.</summary>
    public string Peer => PeerCore;

    /// <summary>When the call ends at the latest, in UTC; <see cref="DateTime.MaxValue"/> for never.</summary>
    public DateTime Deadline => DeadlineCore;

    /// <summary>The client's headers.</summary>
    public Metadata RequestHeaders => RequestHeadersCore;

    /// <summary>Cancelled when the client goes away or cancels, and at the deadline.</summary>
    public CancellationToken CancellationToken => CancellationTokenCore;

    /// <summary>Trailers to be sent after the last message.</summary>
    public Metadata ResponseTrailers => ResponseTrailersCore;

    /// <summary>The status to be sent when the handler returns.</summary>
    public Status Status
    {
        get => StatusCore;
        set => StatusCore = value;
    }

    /// <summary>How responses are written; null for the default.</summary>
    public WriteOptions? WriteOptions
    {
        get => WriteOptionsCore;
        set => WriteOptionsCore = value;
    }

    /// <summary>Who the client has proven to be by its certificate.</summary>
    public AuthContext AuthContext => AuthContextCore;

    /// <summary>A place for the handler's own objects.</summary>
    public IDictionary<object, object> UserState => UserStateCore;

    /// <summary>As <see cref="Method"/>.</summary>
    protected abstract string MethodCore { get; }

    /// <summary>As <see cref="Host"/>.</summary>
    protected abstract string HostCore { get; }

    /// <summary>As <see cref="Peer"/>.</summary>
    protected abstract string PeerCore { get; }

    /// <summary>As <see cref="Deadline"/>.</summary>
    protected abstract DateTime DeadlineCore { get; }

    /// <summary>As <see cref="RequestHeaders"/>.</summary>
    protected abstract Metadata RequestHeadersCore { get; }

    /// <summary>As <see cref="CancellationToken"/>.</summary>
    protected abstract CancellationToken CancellationTokenCore { get; }

    /// <summary>As <see cref="ResponseTrailers"/>.</summary>
    protected abstract Metadata ResponseTrailersCore { get; }

    /// <summary>As <see cref="Status"/>.</summary>
    protected abstract Status StatusCore { get; set; }

    /// <summary>As <see cref="WriteOptions"/>.</summary>
    protected abstract WriteOptions? WriteOptionsCore { get; set; }

    /// <summary>As <see cref="AuthContext"/>.</summary>
    protected abstract AuthContext AuthContextCore { get; }

    /// <summary>As <see cref="UserState"/>.</summary>
    protected virtual IDictionary<object, object> UserStateCore { get; } = new Dictionary<object, object>();

    /// <summary>Sends headers before the first message. Throws <see cref="InvalidOperationException"/> once they are sent.</summary>
    public Task WriteResponseHeadersAsync(Metadata responseHeaders) => WriteResponseHeadersAsyncCore(responseHeaders);

    /// <summary>As <see cref="WriteResponseHeadersAsync"/>.</summary>
    protected abstract Task WriteResponseHeadersAsyncCore(Metadata responseHeaders);
}
