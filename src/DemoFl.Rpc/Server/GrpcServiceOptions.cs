namespace Grpc.AspNetCore.Server;

/// <summary>How a server treats its calls. Not thread-safe while it is being configured.</summary>
public sealed class GrpcServiceOptions
{
    /// <summary>The longest request message in bytes, 4 MiB by default; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The longest response message in bytes; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Whether clients see type and text of the exceptions they cause; off by default, for these may hold secrets.</summary>
    public bool? EnableDetailedErrors { get; set; }
}
