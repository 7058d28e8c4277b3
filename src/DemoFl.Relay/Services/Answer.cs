using DemoFl.Relay.Audit;
using DemoFl.Relay.Peers;
using DemoFl.Relay.Vectors;
using DemoFl.Wire;
using Grpc.Core;

namespace DemoFl.Relay.Services;

/// <summary>The one place where refusals become statuses, and where the audit learns why a call ended whose status may not get through.</summary>
internal static class Answer
{
    /// <summary>Runs work of a call; what is wrong with the caller's messages ends it with a status.</summary>
    public static async Task<T> OfAsync<T>(ServerCallContext context, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (WireFormatException e)
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
        catch (VectorRefusedException e)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, e.Message));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
        {
            // A read or write that was given up resets its stream, and no status follows.
            CallOrigin.Of(context).Explain(AuditKind.DeadlineExpired, e.Status.Detail);
            throw;
        }
    }

    /// <summary>Likewise for reading a stream of short messages: one that its sender resets is cancelled, whenever the reset is noticed.</summary>
    public static Task<T> ReadingAsync<T>(ServerCallContext context, Func<Task<T>> work) => OfAsync(context, async () =>
    {
        try
        {
            return await work();
        }
        catch (IOException)
        {
            // Kestrel tells of a reset by this, too, and sometimes before it cancels the call.
            throw new RpcException(Status.DefaultCancelled);
        }
    });

    /// <summary>Likewise without a result.</summary>
    public static Task ReadingAsync(ServerCallContext context, Func<Task> work) => ReadingAsync(context, async () =>
    {
        await work();
        return true;
    });

    /// <summary>Likewise for sending: a caller that takes nothing is a slow reader.</summary>
    public static async Task SendingAsync(ServerCallContext context, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
        {
            CallOrigin.Of(context).Explain(AuditKind.SlowReader, e.Status.Detail);
            throw;
        }
    }
}
