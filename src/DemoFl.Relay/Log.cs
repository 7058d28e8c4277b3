using DemoFl.Protocol;
using DemoFl.Relay.Audit;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay;

/// <summary>Every log line of the server, with a stable id. Never a key, a token, a share or an update.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Node {Name}-{Node} joined")]
    public static partial void NodeJoined(ILogger logger, string name, NodeId node);

    [LoggerMessage(2, LogLevel.Information, "Node {Name}-{Node} left")]
    public static partial void NodeLeft(ILogger logger, string name, NodeId node);

    [LoggerMessage(3, LogLevel.Warning, "{What} from {Who} at {Peer} refused ({Kind}): {Reason}")]
    public static partial void Refused(ILogger logger, string what, string who, string peer, AuditKind kind, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Event}")]
    public static partial void Happened(ILogger logger, CoordinatorEvent @event);

    [LoggerMessage(6, LogLevel.Critical, "The coordinator stops: {Reason}")]
    public static partial void Fatal(ILogger logger, string reason, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "Round {Round} cannot be committed: {Reason}")]
    public static partial void CommitFailed(ILogger logger, Round round, string reason);

    [LoggerMessage(8, LogLevel.Warning, "The audit file cannot be written, and lines are lost until it can: {Reason}")]
    public static partial void AuditFailed(ILogger logger, string reason);

    [LoggerMessage(9, LogLevel.Warning, "The audit file can be written again; {Lost} lines were lost")]
    public static partial void AuditResumed(ILogger logger, long lost);
}
