using DemoFl.Learning;
using DemoFl.Node.Owner;
using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node.Rounds;

/// <summary>Runs what takes long beside a node's loop; it comes back as an input, also when it fails. Thread-safe.</summary>
internal sealed class BackgroundWork(string name, Func<NodeInput, ValueTask> post, ILogger logger)
{
    /// <summary>What the coordinator is told where the owner's record or count cannot be written.</summary>
    public const string Unrecorded = "this node cannot record what it sends";

    /// <summary>Starts work of a round. The task ends with it and never faults.</summary>
    /// <param name="what">For people, as in "training".</param>
    /// <param name="round">Its closing cancels the work, and waits for it.</param>
    /// <param name="failed">What the machine is told when it fails: the round, and a reason that may leave this node.</param>
    /// <param name="work">The work; what it returns, if anything, is what the machine is told.</param>
    public Task Start(string what, OpenRound round, Func<Round, string, NodeInput> failed, Func<CancellationToken, Task<NodeInput?>> work)
    {
        var running = RunAsync(what, round.Spec.Round, failed, work, round.Closed);
        round.Add(running);
        return running;
    }

    private async Task RunAsync(
        string what, Round number, Func<Round, string, NodeInput> failed, Func<CancellationToken, Task<NodeInput?>> work, CancellationToken cancellation)
    {
        try
        {
            if (await Task.Run(() => work(cancellation), CancellationToken.None) is { } result)
            {
                await post(result);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The round closed first.
        }
        catch (RpcException) when (cancellation.IsCancellationRequested)
        {
            // Likewise, seen through a call.
        }
        catch (Exception e)
        {
            // Whatever went wrong is this round's loss, not the node's.
            Log.WorkFailed(logger, name, what, number, e is RpcException rpc ? rpc.Status.Detail : e.Message);
            await post(failed(number, $"{what} failed: {Outward(e)}"));
        }
    }

    /// <summary>What the server may be told. An error of the owner's trainer may quote the owner's data: its text stays in this node's log.</summary>
    private static string Outward(Exception e) => e switch
    {
        RpcException rpc => rpc.Status.Detail,
        RecordException => Unrecorded,
        TrainerException => "the trainer did not deliver; this node's log says why",
        NonFiniteUpdateException or TrainingDivergedException or WireFormatException => e.Message,
        _ => $"{e.GetType().Name}; this node's log says more",
    };
}
