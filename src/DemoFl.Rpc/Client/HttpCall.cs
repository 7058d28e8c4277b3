using System.Net;
using Grpc.Core;
using Grpc.Core.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>
/// One call as one HTTP/2 request. The first of the server's status, the caller's cancellation, the deadline and Dispose decides how
/// it ended; whatever fails after that reports the same status. Thread-safe except that there is one reader and one writer.
/// </summary>
internal sealed class HttpCall<TRequest, TResponse>(
    GrpcChannel channel, Method<TRequest, TResponse> method, string? host, CallOptions options)
    : IDisposable
    where TRequest : class
    where TResponse : class
{
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Metadata> _headers = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<ResponseReader<TResponse>?> _body = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private (Status Status, Metadata Trailers)? _outcome;
    private RequestStreamContent? _requests;
    private HttpResponseMessage? _response;
    private CancellationTokenRegistration _cancelled;
    private CancellationTokenRegistration _closing;
    private DeadlineTimer? _deadline;

    /// <summary>The call's options.</summary>
    public CallOptions Options => options;

    /// <summary>Cancelled when the call ends otherwise than by an OK from the server.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The server's headers.</summary>
    public Task<Metadata> ResponseHeaders => _headers.Task;

    /// <summary>Starts a call with one request.</summary>
    public void Start(TRequest request)
    {
        var flags = options.WriteOptions?.Flags ?? default;
        Start(new RequestContent<TRequest>(method.RequestMarshaller, request, CreateSerializer(), flags));
    }

    /// <summary>Starts a call with a stream of requests.</summary>
    public IClientStreamWriter<TRequest> StartStream()
    {
        _requests = new RequestStreamContent();
        Start(_requests);
        return new RequestStream<TRequest, TResponse>(this, _requests, method.RequestMarshaller, CreateSerializer());
    }

    /// <summary>Reads the next response; null after the last of a call that ended with OK.</summary>
    /// <exception cref="RpcException">The call ended with another status.</exception>
    public async Task<TResponse?> ReadAsync()
    {
        var body = await _body.Task;
        if (body is not null && Outcome is null)
        {
            try
            {
                if (await body.ReadAsync(_stop.Token) is { } message) return message;
                End(ResponseHead.StatusIn(_response!.TrailingHeaders), ResponseHead.MetadataIn(_response.TrailingHeaders));
            }
            catch (Exception exception)
            {
                End(FailureStatus.Of(exception, "Error reading the response."), []);
            }
        }

        var (status, _) = Outcome!.Value;
        return status.StatusCode == StatusCode.OK ? null : throw Failure();
    }

    /// <summary>Reads the only response of a call.</summary>
    public Task<TResponse> ReadSingle()
    {
        return Observed(ReadSingleAsync());

        async Task<TResponse> ReadSingleAsync()
        {
            var message = await ReadAsync();
            if (message is not null && await ReadAsync() is not null)
                throw End(new Status(StatusCode.Internal, "The server sent more than one response."), []);
            return message ?? throw new RpcException(new Status(StatusCode.Internal, "The server sent no response."), GetTrailers());
        }
    }

    /// <summary>The status of a call that has ended.</summary>
    public Status GetStatus() => Ended().Status;

    /// <summary>The trailers of a call that has ended.</summary>
    public Metadata GetTrailers() => Ended().Trailers;

    /// <summary>The exception for a call that ended with an error; null while it runs and after OK.</summary>
    public RpcException? FailureOrNull() => Outcome is { Status.StatusCode: not StatusCode.OK } ? Failure() : null;

    /// <summary>Whether the call has ended.</summary>
    public bool HasEnded => Outcome is not null;

    /// <summary>Ends the call for the caller's token.</summary>
    public void Cancel() => End(new Status(StatusCode.Cancelled, "Call canceled by the client."), []);

    public void Dispose() => End(new Status(StatusCode.Cancelled, "gRPC call disposed."), []);

    private (Status Status, Metadata Trailers)? Outcome
    {
        get
        {
            lock (_gate) return _outcome;
        }
    }

    private static Task<T> Observed<T>(Task<T> task)
    {
        // A caller may look at the status only; the exception must not surface in the finaliser.
        task.ContinueWith(
            static failed => _ = failed.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return task;
    }

    private void Start(HttpContent content)
    {
        ObjectDisposedException.ThrowIf(channel.Closing.IsCancellationRequested, channel);
        var encoding = options.Headers?.GetValue(GrpcHeaders.RequestedEncoding);
        if (!MessageEncoding.IsSupported(encoding))
            throw new InvalidOperationException($"{GrpcHeaders.RequestedEncoding} '{encoding}' is none of {MessageEncoding.Supported}.");

        Observed(_headers.Task);
        var request = CreateRequest(content);
        if (options.Deadline is { } deadline && deadline != DateTime.MaxValue)
        {
            if (deadline.Kind != DateTimeKind.Utc) throw new InvalidOperationException("A deadline must be in UTC or DateTime.MaxValue.");

            var left = deadline - DateTime.UtcNow;
            if (left <= TimeSpan.Zero)
            {
                EndAtDeadline();
                return;
            }

            request.Headers.TryAddWithoutValidation(GrpcHeaders.Timeout, GrpcTimeout.Encode(left));
            _deadline = new DeadlineTimer(deadline, EndAtDeadline);
        }

        _closing = channel.Closing.UnsafeRegister(static call => ((HttpCall<TRequest, TResponse>)call!).Dispose(), this);
        _cancelled = options.CancellationToken.UnsafeRegister(static call => ((HttpCall<TRequest, TResponse>)call!).Cancel(), this);

        // The call may have ended before the registrations were there to be undone.
        if (HasEnded) Unregister();
        _ = SendAsync(request);
    }

    private bool Compresses => options.Headers?.GetValue(GrpcHeaders.RequestedEncoding) == MessageEncoding.Gzip;

    private MessageSerializer CreateSerializer() =>
        new(channel.MaxSendMessageSize, Compresses ? MessageEncoding.DefaultLevel : null);

    private HttpRequestMessage CreateRequest(HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(channel.Address, method.FullName))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        request.Headers.Host = host;
        request.Headers.TryAddWithoutValidation(GrpcHeaders.Te, GrpcHeaders.Trailers);
        request.Headers.TryAddWithoutValidation(GrpcHeaders.AcceptEncoding, MessageEncoding.Supported);
        if (Compresses) request.Headers.TryAddWithoutValidation(GrpcHeaders.Encoding, MessageEncoding.Gzip);
        request.Headers.TryAddWithoutValidation(GrpcHeaders.UserAgent, ClientName.Value);
        foreach (var (name, value) in MetadataWire.Encode(options.Headers ?? Metadata.Empty))
            request.Headers.TryAddWithoutValidation(name, value);

        return request;
    }

    private async Task SendAsync(HttpRequestMessage request)
    {
        try
        {
            var response = await channel.SendAsync(request, _stop.Token);
            lock (_gate) _response = response;
            if (HasEnded) response.Dispose();

            _headers.TrySetResult(ResponseHead.MetadataIn(response.Headers));
            if (ResponseHead.StatusWithoutBody(response) is { } status)
            {
                End(status, ResponseHead.MetadataIn(response.Headers));
                return;
            }

            var stream = await response.Content.ReadAsStreamAsync(_stop.Token);
            var encoding = ResponseHead.EncodingIn(response.Headers);
            _body.TrySetResult(new ResponseReader<TResponse>(stream, method.ResponseMarshaller, channel.MaxReceiveMessageSize, encoding));
        }
        catch (Exception exception)
        {
            End(FailureStatus.Of(exception, "Error starting the call."), []);
        }
    }

    private void EndAtDeadline() => End(new Status(StatusCode.DeadlineExceeded, "Deadline Exceeded"), []);

    /// <summary>Ends the call unless it has ended, and returns the exception for how it did.</summary>
    private RpcException End(Status status, Metadata trailers)
    {
        lock (_gate)
        {
            if (_outcome is not null) return Failure();
            _outcome = (status, trailers);
        }

        _deadline?.Dispose();
        Unregister();
        if (status.StatusCode != StatusCode.OK) _stop.Cancel();
        _requests?.End();
        HttpResponseMessage? response;
        lock (_gate) response = _response;
        response?.Dispose();
        _headers.TrySetException(Failure());
        _body.TrySetResult(null);
        return Failure();
    }

    private void Unregister()
    {
        _cancelled.Unregister();
        _closing.Unregister();
    }

    private RpcException Failure()
    {
        var (status, trailers) = Outcome!.Value;
        return new RpcException(status, trailers);
    }

    private (Status Status, Metadata Trailers) Ended() => Outcome
        ?? throw new InvalidOperationException("The call has not ended: read its response to the end first.");
}
