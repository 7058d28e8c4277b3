using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Error, "The handler of {Method} threw an exception.")]
    public static partial void HandlerThrew(ILogger logger, Exception exception, string method);

    [LoggerMessage(2, LogLevel.Debug, "{Method} ended with {StatusCode}.")]
    public static partial void CallEnded(ILogger logger, string method, Core.StatusCode statusCode);

    [LoggerMessage(3, LogLevel.Debug, "{Method} was cut off.")]
    public static partial void CutOff(ILogger logger, string method);

    [LoggerMessage(4, LogLevel.Debug, "{Method}: the deadline passed.")]
    public static partial void DeadlinePassed(ILogger logger, string method);
}
