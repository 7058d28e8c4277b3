namespace Grpc.Core;

/// <summary>A failure with details.</summary>
public static class RpcStatusExtensions
{
    /// <summary>
    /// The exception by which a handler fails with these details. Code and text of the call are those of <paramref name="status"/>; a code
    /// that gRPC does not know becomes <see cref="StatusCode.Unknown"/>.
    /// </summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status)
    {
        var code = (StatusCode)status.Code;
        return status.ToRpcException(Enum.IsDefined(code) ? code : StatusCode.Unknown, status.Message);
    }

    /// <summary>The exception by which a handler fails with these details, but with a code and a text of its own.</summary>
    public static RpcException ToRpcException(this Google.Rpc.Status status, StatusCode statusCode, string message)
    {
        var trailers = new Metadata();
        trailers.SetRpcStatus(status);
        return new RpcException(new Status(statusCode, message), trailers);
    }
}
