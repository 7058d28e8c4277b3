using Grpc.Core;
using Grpc.Net.Client.Calls;

namespace Grpc.Net.Client;

/// <summary>
/// A connection to one server over HTTP/2: <c>http</c> addresses speak it without TLS from the first byte. Connections are opened by
/// the first call and reopened by later ones. Thread-safe; make one and keep it.
/// </summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _closing = new();
    private readonly HttpCallInvoker _invoker;

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        Address = address;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        MaxSendMessageSize = options.MaxSendMessageSize;
        Closing = _closing.Token;
        _http = new HttpMessageInvoker(
            options.HttpHandler ?? new SocketsHttpHandler { EnableMultipleHttp2Connections = true },
            disposeHandler: options.HttpHandler is null || options.DisposeHttpClient);
        _invoker = new HttpCallInvoker(this);
    }

    internal Uri Address { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal int? MaxSendMessageSize { get; }

    /// <summary>Cancelled when the channel is disposed.</summary>
    internal CancellationToken Closing { get; }

    /// <summary>Makes a channel with the default options.</summary>
    /// <param name="address">The server as <c>http://host:port</c> or <c>https://host:port</c>; a path is ignored.</param>
    public static GrpcChannel ForAddress(string address) => ForAddress(new Uri(address), new GrpcChannelOptions());

    /// <summary>Makes a channel.</summary>
    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    /// <summary>Makes a channel with the default options.</summary>
    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <summary>
    /// Makes a channel; it does not connect yet. Throws <see cref="ArgumentException"/> for an address that is neither http nor https
    /// and <see cref="InvalidOperationException"/> when the credentials contradict it.
    /// </summary>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException($"'{address}' is no http or https address.", nameof(address));

        if (channelOptions.Credentials == ChannelCredentials.SecureSsl && address.Scheme == Uri.UriSchemeHttp)
            throw new InvalidOperationException($"The channel's credentials ask for TLS, but {address} is without: use https, or ChannelCredentials.Insecure.");
        if (channelOptions.Credentials == ChannelCredentials.Insecure && address.Scheme == Uri.UriSchemeHttps)
            throw new InvalidOperationException($"The channel's credentials are for no TLS, but {address} asks for it: use http, or ChannelCredentials.SecureSsl.");

        return new GrpcChannel(address, channelOptions);
    }

    /// <inheritdoc/>
    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(Closing.IsCancellationRequested, this);
        return _invoker;
    }

    /// <summary>Cancels calls in progress and closes connections; later calls throw <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        if (Closing.IsCancellationRequested) return;
        _closing.Cancel();
        _http.Dispose();
    }

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    /// <inheritdoc/>
    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }
}
