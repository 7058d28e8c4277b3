using Grpc.Core;

namespace Grpc.Net.Client;

/// <summary>How a channel connects. Read once, when the channel is made.</summary>
public sealed class GrpcChannelOptions
{
    /// <summary>What sends the requests; null for a <see cref="SocketsHttpHandler"/> of the channel's own with its defaults.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the channel disposes <see cref="HttpHandler"/> when it is disposed itself; off by default.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Null follows the address; otherwise it must agree with it: Insecure with http, SecureSsl with https.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>The longest response message in bytes, as sent and unpacked, 4 MiB by default; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The longest request message in bytes; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }
}
