using Google.Protobuf;

namespace Grpc.Core;

/// <summary>Details of a failure in the trailers of a call. They travel as one <see cref="Google.Rpc.Status"/>, so that any gRPC library reads them.</summary>
public static class MetadataExtensions
{
    /// <summary>The trailer that carries the details.</summary>
    public const string StatusDetailsTrailerName = "grpc-status-details-bin";

    /// <summary>
    /// The details, or null if there are none. Throws <see cref="InvalidProtocolBufferException"/> if they are malformed, unless
    /// <paramref name="ignoreParseError"/> asks for null then.
    /// </summary>
    public static Google.Rpc.Status? GetRpcStatus(this Metadata metadata, bool ignoreParseError = false)
    {
        if (metadata.GetValueBytes(StatusDetailsTrailerName) is not { } bytes) return null;

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException) when (ignoreParseError)
        {
            return null;
        }
    }

    /// <summary>Puts details in the place of those that were there.</summary>
    public static void SetRpcStatus(this Metadata metadata, Google.Rpc.Status status)
    {
        while (metadata.Get(StatusDetailsTrailerName) is { } old)
            metadata.Remove(old);
        metadata.Add(StatusDetailsTrailerName, status.ToByteArray());
    }
}
