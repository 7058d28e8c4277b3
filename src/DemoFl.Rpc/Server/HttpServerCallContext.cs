using System.Globalization;
using Grpc.Core;
using Grpc.Core.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

/// <summary>
/// One call on an HTTP/2 request. Whoever puts something into the response, the handler's writes, its end and the deadline, holds
/// the output in turn, so that the deadline may end a call whose handler does not return.
/// </summary>
internal sealed class HttpServerCallContext : ServerCallContext, IDisposable
{
    private const int NoError = 0;

    private readonly ILogger _logger;
    private readonly MessageSerializer _serializer;
    private readonly SemaphoreSlim _output = new(1, 1);
    private CancellationTokenSource? _deadlineOrAborted;
    private CancellationToken _cancelled;
    private DeadlineTimer? _timer;
    private DateTime _deadline = DateTime.MaxValue;
    private volatile bool _deadlinePassed;
    private volatile bool _ended;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private AuthContext? _authContext;

    public HttpServerCallContext(HttpContext httpContext, GrpcServiceOptions options, ILogger logger)
    {
        HttpContext = httpContext;
        Options = options;
        _logger = logger;
        _serializer = new MessageSerializer(options.MaxSendMessageSize);
        _cancelled = httpContext.RequestAborted;
    }

    public HttpContext HttpContext { get; }

    public GrpcServiceOptions Options { get; }

    /// <summary>Whether a read found the client gone, which the request's token may say only a moment later.</summary>
    public bool IsClientGone { get; set; }

    protected override string MethodCore => HttpContext.Request.Path.Value ?? "";

    protected override string HostCore => HttpContext.Request.Host.Value ?? "";

    protected override string PeerCore => Server.Peer.Of(HttpContext.Connection);

    protected override DateTime DeadlineCore => _deadline;

    protected override Metadata RequestHeadersCore => _requestHeaders ??= ReadRequestHeaders();

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
        _timer = new DeadlineTimer(_deadline, () => _ = EndAtDeadlineAsync());
    }

    /// <summary>Serialises a message into the response.</summary>
    public async Task WriteMessageAsync<T>(Marshaller<T> marshaller, T message, bool flush, CancellationToken cancellationToken)
    {
        if (!_output.Wait(0, CancellationToken.None))
        {
            ThrowIfEnded();
            throw new InvalidOperationException("Can't write the message because the previous write is in progress.");
        }

        try
        {
            ThrowIfEnded();
            cancellationToken.ThrowIfCancellationRequested();

            // Before the response has started, the body writer copies through a buffer of its own.
            if (!HttpContext.Response.HasStarted) await HttpContext.Response.StartAsync(CancellationToken);
            _serializer.Write(marshaller, message, HttpContext.Response.BodyWriter);
            if (!flush) return;

            using var either = new EitherToken(CancellationToken, cancellationToken);
            await HttpContext.Response.BodyWriter.FlushAsync(either.Token);
        }
        finally
        {
            _output.Release();
        }
    }

    /// <summary>Refuses to go on with a call that is cancelled or over.</summary>
    public void ThrowIfEnded()
    {
        CancellationToken.ThrowIfCancellationRequested();
        if (_ended) throw new InvalidOperationException("The call has ended.");
    }

    /// <summary>What a handler's exception means for the client.</summary>
    public Status StatusOf(Exception exception)
    {
        if (_deadlinePassed) return new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded");
        if (exception is RpcException refusal)
        {
            foreach (var entry in refusal.Trailers)
                ResponseTrailers.Add(entry);
            return refusal.Status;
        }

        if (IsClientGone || HttpContext.RequestAborted.IsCancellationRequested)
        {
            Log.ClientGone(_logger, Method);
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
        _timer?.Dispose();
        await _output.WaitAsync();
        try
        {
            if (_ended) return;
            _ended = true;
            PutTrailers(status);
            Log.CallEnded(_logger, Method, status.StatusCode);
        }
        finally
        {
            _output.Release();
        }
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _deadlineOrAborted?.Dispose();
    }

    protected override async Task WriteResponseHeadersAsyncCore(Metadata responseHeaders)
    {
        await _output.WaitAsync(CancellationToken);
        try
        {
            ThrowIfEnded();
            if (HttpContext.Response.HasStarted) throw new InvalidOperationException("Response headers can only be sent once per call.");

            foreach (var (name, value) in MetadataWire.Encode(responseHeaders))
                HttpContext.Response.Headers.Append(name, value);

            await HttpContext.Response.BodyWriter.FlushAsync(CancellationToken);
        }
        finally
        {
            _output.Release();
        }
    }

    private async Task EndAtDeadlineAsync()
    {
        _deadlinePassed = true;
        try
        {
            // Cuts off the handler's reads and writes, so that the output becomes free.
            await _deadlineOrAborted!.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The call ended while the timer fired.
            return;
        }
        catch (AggregateException exception)
        {
            // What the handler registered with its token threw; the deadline holds all the same.
            Log.HandlerThrew(_logger, exception, Method);
        }

        await _output.WaitAsync();

        try
        {
            if (_ended) return;
            _ended = true;
            Log.DeadlinePassed(_logger, Method);
            PutTrailers(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"));
            await HttpContext.Response.CompleteAsync();
            HttpContext.Features.Get<IHttpResetFeature>()?.Reset(NoError);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            Log.ClientGone(_logger, Method);
        }
        finally
        {
            _output.Release();
        }
    }

    private void PutTrailers(Status status)
    {
        // A response that has not started is a single block of headers: "trailers-only".
        var response = HttpContext.Response;
        Action<string, string> put = response.HasStarted
            ? (name, value) => response.AppendTrailer(name, value)
            : (name, value) => response.Headers.Append(name, value);

        try
        {
            foreach (var (name, value) in MetadataWire.Encode(_responseTrailers ?? Metadata.Empty).ToArray())
                put(name, value);
        }
        catch (ArgumentException exception)
        {
            Log.HandlerThrew(_logger, exception, Method);
            status = new Status(StatusCode.Internal, "The trailers cannot be sent.");
        }

        put(GrpcHeaders.Status, ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture));
        if (status.Detail.Length > 0) put(GrpcHeaders.Message, PercentEncoding.Encode(status.Detail));
    }

    private Metadata ReadRequestHeaders()
    {
        var metadata = new Metadata();
        foreach (var header in HttpContext.Request.Headers)
        {
            foreach (var value in header.Value)
                MetadataWire.AddReceived(metadata, header.Key, value ?? "");
        }

        return metadata;
    }
}
