using DemoFl.Protocol;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay;

/// <summary>Every log line of the server, with a stable id. Never a key, a token, a share or an update.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Node {Name}-{Node} joined")]
    public static partial void NodeJoined(ILogger logger, string name, NodeId node);

    [LoggerMessage(2, LogLevel.Information, "Node {Name}-{Node} left")]
    public static partial void NodeLeft(ILogger logger, string name, NodeId node);

    [LoggerMessage(3, LogLevel.Warning, "{Method} from {Peer} refused: {Reason}")]
    public static partial void Refused(ILogger logger, string method, string peer, string reason);

    [LoggerMessage(4, LogLevel.Warning, "Node {Name}-{Node} sent {Message} with a signature that does not verify")]
    public static partial void BadSignature(ILogger logger, string name, NodeId node, string message);

    [LoggerMessage(5, LogLevel.Information, "{Event}")]
    public static partial void Happened(ILogger logger, CoordinatorEvent @event);

    [LoggerMessage(6, LogLevel.Critical, "The coordinator stops: {Reason}")]
    public static partial void Fatal(ILogger logger, string reason, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Round {Round} cannot be committed: {Reason}")]
    public static partial void CommitFailed(ILogger logger, Round round, string reason);
}
