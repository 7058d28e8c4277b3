namespace Grpc.Core.Wire;

/// <summary>The names and values of the protocol (gRPC over HTTP/2).</summary>
internal static class GrpcHeaders
{
    public const string ContentType = "application/grpc";
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";
    public const string Te = "te";
    public const string Trailers = "trailers";
    public const string UserAgent = "user-agent";

    /// <summary>The metadata by which a caller, or a handler in its response headers, picks <see cref="Encoding"/>; it does not travel.</summary>
    public const string RequestedEncoding = "grpc-internal-encoding-request";

    /// <summary>Whether this is <c>application/grpc</c>, alone or followed by <c>+codec</c> or <c>;parameter</c>.</summary>
    public static bool IsGrpc(string? contentType) =>
        contentType is not null
        && contentType.StartsWith(ContentType, StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == ContentType.Length || contentType[ContentType.Length] is '+' or ';' or ' ');

    /// <summary>Headers that belong to the protocol and are neither shown to the application nor taken from it.</summary>
    public static bool IsReserved(string name) =>
        name.StartsWith(':') || name.ToLowerInvariant() is Status or Message or Timeout or Encoding or AcceptEncoding or RequestedEncoding
            or Te or "content-type" or "content-length" or "host" or "connection" or "transfer-encoding" or "upgrade";
}
