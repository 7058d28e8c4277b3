using Grpc.Core;

namespace Grpc.Net.Client.Calls;

/// <summary>The status of a call that failed without one from the server.</summary>
internal static class FailureStatus
{
    /// <summary>Maps an exception; a reset stream by its HTTP/2 error code (gRPC over HTTP/2, "Errors").</summary>
    public static Status Of(Exception exception, string what)
    {
        if (exception is RpcException refusal) return refusal.Status;

        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case HttpProtocolException reset:
                    return new Status(CodeOf(reset.ErrorCode), $"{what} {cause.Message}", exception);
                case HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded }:
                    return new Status(StatusCode.ResourceExhausted, $"{what} {cause.Message}", exception);
                case RpcException inner:
                    return inner.Status;
                case TimeoutException:
                    return new Status(StatusCode.Unavailable, $"{what} {cause.Message}", exception);
            }
        }

        var code = exception switch
        {
            // Without a cause below, the client itself refuses to send, as headers that are longer than the server takes: repeating
            // that does not help.
            HttpRequestException { HttpRequestError: HttpRequestError.Unknown, InnerException: null } => StatusCode.Internal,
            HttpRequestException or IOException => StatusCode.Unavailable,
            OperationCanceledException => StatusCode.Cancelled,
            _ => StatusCode.Internal,
        };
        return new Status(code, $"{what} {exception.GetType().Name}: {Innermost(exception).Message}", exception);
    }

    private static StatusCode CodeOf(long http2Error) => http2Error switch
    {
        0x7 => StatusCode.Unavailable,        // REFUSED_STREAM
        0x8 => StatusCode.Cancelled,          // CANCEL
        0xb => StatusCode.ResourceExhausted,  // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied,   // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    private static Exception Innermost(Exception exception)
    {
        while (exception.InnerException is { } inner)
            exception = inner;
        return exception;
    }
}
