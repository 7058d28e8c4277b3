using DemoFl.Node.Trainers;
using DemoFl.Protocol;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node;

/// <summary>Every log line of a node, with a stable id. Never a key, a token, a share or an update.</summary>
internal static partial class Log
{
    [LoggerMessage(101, LogLevel.Information, "{Name}: connected to {Server}")]
    public static partial void Connected(ILogger logger, string name, Uri server);

    [LoggerMessage(102, LogLevel.Warning, "{Name}: {Server} does not answer ({Reason}); trying again in {DelaySeconds:0.0} s")]
    public static partial void Retrying(ILogger logger, string name, Uri server, string reason, double delaySeconds);

    [LoggerMessage(103, LogLevel.Information, "{Name}: {Event}")]
    public static partial void Happened(ILogger logger, string name, NodeEvent @event);

    [LoggerMessage(104, LogLevel.Warning, "{Name}: a message from {Sender} was dropped: {Reason}")]
    public static partial void Dropped(ILogger logger, string name, NodeId sender, string reason);

    [LoggerMessage(105, LogLevel.Warning, "{Name}: a message to {Receiver} came back: not connected, or its queue is full")]
    public static partial void CameBack(ILogger logger, string name, NodeId receiver);

    [LoggerMessage(106, LogLevel.Warning, "{Name}: no key agreement with slot {Slot}: {Reason}")]
    public static partial void OfferRefused(ILogger logger, string name, Slot slot, string reason);

    [LoggerMessage(108, LogLevel.Error, "{Name}: the connection's state is not usable any more; joining again in {Delay}")]
    public static partial void SessionFailed(ILogger logger, string name, TimeSpan delay, Exception exception);

    [LoggerMessage(109, LogLevel.Warning, "{Name}: {Reason}. It joins, and sits rounds out until the trainer answers.")]
    public static partial void TrainerSilent(ILogger logger, string name, string reason);

    [LoggerMessage(110, LogLevel.Warning, "{Name}: round {Round} closed before the trainer at {Address} had answered")]
    public static partial void TrainerLate(ILogger logger, string name, Round round, TrainerAddress address);

    [LoggerMessage(111, LogLevel.Warning, "{Name}: {Reason} Joining again in {DelaySeconds:0.0} s")]
    public static partial void NotRecorded(ILogger logger, string name, string reason, double delaySeconds);

    [LoggerMessage(112, LogLevel.Warning, "{Name}: round {Round} is declined. {Reason}")]
    public static partial void RoundNotRecorded(ILogger logger, string name, Round round, string reason);

    [LoggerMessage(113, LogLevel.Warning, "{Name}: a message of round {Round} to {Receiver} did not get through: {Reason}")]
    public static partial void NotDelivered(ILogger logger, string name, NodeId receiver, Round round, string reason);

    [LoggerMessage(114, LogLevel.Warning, "{Name}: the replacement of slot {Slot} in round {Round} is not signed: {Reason}")]
    public static partial void ReplacementNotSigned(ILogger logger, string name, Round round, Slot slot, string reason);

    [LoggerMessage(115, LogLevel.Warning, "{Name}: the replacement of slot {Slot} in round {Round} is not taken: the agreement of slot {Signer} does not verify")]
    public static partial void AgreementRefused(ILogger logger, string name, Round round, Slot slot, Slot signer);

    [LoggerMessage(107, LogLevel.Warning, "{Name}: {Work} of round {Round} failed: {Reason}")]
    public static partial void WorkFailed(ILogger logger, string name, string work, Round round, string reason);
}
