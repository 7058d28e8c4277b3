using System.IO.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How a server treats its calls. Not thread-safe while it is being configured.</summary>
public sealed class GrpcServiceOptions
{
    /// <summary>The longest request message in bytes, as sent and unpacked, 4 MiB by default; null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = 4 * 1024 * 1024;

    /// <summary>The longest response message in bytes; null, the default, for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>
    /// How responses are compressed for clients that accept it: "gzip", or null, the default, or "identity" for not at all. A handler
    /// chooses otherwise for its call by the response header <c>grpc-internal-encoding-request</c>, which does not travel. Mapping a service throws <see cref="InvalidOperationException"/> for any other. Do not mix secrets with what a client chooses in one
    /// compressed message: its length tells about them.
    /// </summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    /// <summary>How hard compression tries; null, the default, is <see cref="CompressionLevel.Fastest"/>.</summary>
    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Whether clients see type and text of the exceptions they cause; off by default, for these may hold secrets.</summary>
    public bool? EnableDetailedErrors { get; set; }
}
