namespace Grpc.Core;

/// <summary>How a channel is secured.</summary>
public abstract class ChannelCredentials
{
    /// <summary>Only this library's two kinds exist.</summary>
    private protected ChannelCredentials()
    {
    }

    /// <summary>No transport security: <c>http</c> addresses.</summary>
    public static ChannelCredentials Insecure { get; } = new Kind();

    /// <summary>TLS: <c>https</c> addresses. Certificates are the HTTP handler's business.</summary>
    public static ChannelCredentials SecureSsl { get; } = new Kind();

    private sealed class Kind : ChannelCredentials;
}
