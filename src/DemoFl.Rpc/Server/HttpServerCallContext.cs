using System.IO.Compression;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>One call on an HTTP/2 request.</summary>
internal sealed class HttpServerCallContext : ServerCallContext, IDisposable
{
    private readonly ILogger _logger;
    private readonly ResponseOutput _output;
    private readonly Lock _deadlineGate = new();
    private CancellationToken _cancelled;
    private CancellationTokenSource? _deadlineOrAborted;
    private DeadlineTimer? _timer;
    private DateTime _deadline = DateTime.MaxValue;
    private volatile bool _deadlinePassed;
    private bool _callDone;
    private Task _endAtDeadline = Task.CompletedTask;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;

    public HttpServerCallContext(HttpContext httpContext, GrpcServiceOptions options, ILogger logger)
    {
        HttpContext = httpContext;
        Options = options;
        _logger = logger;
        _output = new ResponseOutput(httpContext, options.MaxSendMessageSize, AgreeOnCompression(options.ResponseCompressionAlgorithm), logger);
        _cancelled = httpContext.RequestAborted;
    }

    public HttpContext HttpContext { get; }

    public GrpcServiceOptions Options { get; }

    protected override string MethodCore => HttpContext.Request.Path.Value ?? "";

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => Server.Peer.Of(HttpContext.Connection);

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= RequestCheck.ReadMetadata(HttpContext.Request.Headers);

    protected override CancellationToken CancellationTokenCore => _cancelled;

    protected override Metadata ResponseTrailersCore => _responseTrailers ??= [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => _authContext ??= Server.Peer.Authenticate(HttpContext.Connection.ClientCertificate);

    protected override IDictionary<object, object> UserStateCore => HttpContext.Items!;

    /// <summary>Starts the clock if the client set a deadline.</summary>
    /// <exception cref="RpcException">The header is malformed.</exception>
    public void StartDeadline()
    {
        string? header = HttpContext.Request.Headers[GrpcHeaders.Timeout];
        if (header is null) return;
        if (!GrpcTimeout.TryDecode(header, out var timeout))
            throw new RpcException(new Status(StatusCode.Internal, $"The {GrpcHeaders.Timeout} header is malformed."));

        var now = DateTime.UtcNow;
        if (timeout >= DateTime.MaxValue - now) return;

        _deadline = now + timeout;
        _deadlineOrAborted = CancellationTokenSource.CreateLinkedTokenSource(HttpContext.RequestAborted);
        _cancelled = _deadlineOrAborted.Token;
        _timer = new DeadlineTimer(_deadline, EndAtDeadline);
    }

    /// <summary>Sends a message, at once or with the next one.</summary>
    public async Task WriteMessageAsync<T>(Marshaller<T> marshaller, T message, WriteFlags flags, CancellationToken cancellationToken)
    {
        ThrowIfEnded();
        cancellationToken.ThrowIfCancellationRequested();
        await _output.WriteMessageAsync(marshaller, message, flags, cancellationToken);
    }

    /// <summary>Resets the stream after a read was cancelled.</summary>
    public void CutOff() => _output.CutOff();

    /// <summary>Notes that the client has reset the stream.</summary>
    public void NoteCutOff() => _output.IsCutOff = true;

    /// <summary>Refuses to go on with a call that is cancelled or over.</summary>
    public void ThrowIfEnded()
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (_output.HasEnded) throw new InvalidOperationException("The call has ended.");
    }

    /// <summary>What a handler's exception means for the client.</summary>
    public Status StatusOf(Exception exception)
    {
        if (_deadlinePassed) return DeadlineExceeded();
        if (exception is RpcException refusal)
        {
            foreach (var entry in refusal.Trailers)
                ResponseTrailers.Add(entry);
            return refusal.Status;
        }

        if (_output.IsCutOff || HttpContext.RequestAborted.IsCancellationRequested)
        {
            Log.CutOff(_logger, Method);
            return Status.DefaultCancelled;
        }

        Log.HandlerThrew(_logger, exception, Method);
        const string Public = "Exception was thrown by handler.";
        return new Status(
            StatusCode.Unknown,
            Options.EnableDetailedErrors == true ? $"{Public} {exception.GetType().Name}: {exception.Message}" : Public);
    }

    /// <summary>Ends the call with a status unless the deadline has done so.</summary>
    public async Task EndAsync(Status status)
    {
        await _output.EndAsync(status, _responseTrailers ?? Metadata.Empty);

        // The request belongs to another call once this one has returned: a deadline that is ending it must be done by then.
        Task endAtDeadline;
        lock (_deadlineGate)
        {
            _callDone = true;
            endAtDeadline = _endAtDeadline;
        }

        _timer?.Dispose();
        await endAtDeadline;
        Log.CallEnded(_logger, Method, status.StatusCode);
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _deadlineOrAborted?.Dispose();
        _output.Dispose();
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        ThrowIfEnded();
        if (responseHeaders.GetValue(GrpcHeaders.RequestedEncoding) is { } encoding && !HttpContext.Response.HasStarted)
        {
            if (!MessageEncoding.IsSupported(encoding))
                throw new InvalidOperationException($"{GrpcHeaders.RequestedEncoding} '{encoding}' is none of {MessageEncoding.Supported}.");
            _output.Compress(AgreeOnCompression(encoding));
        }

        await _output.WriteHeadersAsync(responseHeaders);
    }

    private CompressionLevel? AgreeOnCompression(string? wanted)
    {
        if (wanted != MessageEncoding.Gzip || !MessageEncoding.AcceptsGzip(HttpContext.Request.Headers[GrpcHeaders.AcceptEncoding]))
        {
            HttpContext.Response.Headers.Remove(GrpcHeaders.Encoding);
            return null;
        }

        HttpContext.Response.Headers[GrpcHeaders.Encoding] = MessageEncoding.Gzip;
        return Options.ResponseCompressionLevel ?? MessageEncoding.DefaultLevel;
    }

    private static Status DeadlineExceeded() => new(StatusCode.DeadlineExceeded, "Deadline Exceeded");

    private void EndAtDeadline()
    {
        lock (_deadlineGate)
        {
            if (_callDone) return;
            _deadlinePassed = true;
            _endAtDeadline = EndAtDeadlineAsync();
        }
    }

    private async Task EndAtDeadlineAsync()
    {
        Log.DeadlinePassed(_logger, Method);
        try
        {
            await _deadlineOrAborted!.CancelAsync();
        }
        catch (AggregateException exception)
        {
            // What the handler registered with its token threw; the deadline holds all the same.
            Log.HandlerThrew(_logger, exception, Method);
        }

        try
        {
            await _output.EndNowAsync(DeadlineExceeded());
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            Log.CutOff(_logger, Method);
        }
    }
}
