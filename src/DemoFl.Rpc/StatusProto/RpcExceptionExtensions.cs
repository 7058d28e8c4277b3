namespace Grpc.Core;

/// <summary>Details of a failed call.</summary>
public static class RpcExceptionExtensions
{
    /// <summary>
    /// The details that the server gave, or null if it gave none. Throws <see cref="Google.Protobuf.InvalidProtocolBufferException"/> if
    /// they are malformed.
    /// </summary>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException ex) => ex.Trailers.GetRpcStatus();
}
