using System.Threading.Channels;
using DemoFl.Node.Owner;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;

namespace DemoFl.Node.Connections;

/// <summary>
/// The heartbeat call of a node that may lead, on a connection of its own. One that breaks is opened again for as long as the session lives. What
/// comes in is handed on and answered by the node's loop: a loop that is stuck answers nothing.
/// </summary>
/// <param name="open">Opens the call.</param>
/// <param name="record">Where answers are counted; null where the owner keeps no record.</param>
/// <param name="clock">For the waits between two tries.</param>
internal sealed class Pulse(Func<AsyncDuplexStreamingCall<BeatAnswered, Beat>> open, OwnerRecord? record, TimeProvider clock) : IDisposable
{
    /// <summary>Answers that may wait; when more come, the oldest goes, which nobody waits for any more.</summary>
    private const int MaxQueuedAnswers = 4;

    private readonly Channel<BeatAnswered> _answers = Channel.CreateBounded<BeatAnswered>(
        new BoundedChannelOptions(MaxQueuedAnswers) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

    private AsyncDuplexStreamingCall<BeatAnswered, Beat>? _call;

    /// <summary>Opens the call and waits until the server can send beats on it.</summary>
    /// <exception cref="RpcException">The server does not take it.</exception>
    public async Task OpenAsync(CancellationToken cancellation)
    {
        _call?.Dispose();
        _call = open();
        await _call.ResponseHeadersAsync.WaitAsync(cancellation);
    }

    /// <summary>Never waits.</summary>
    public void Answer(NodeMessage.BeatAnswered answer) => _answers.Writer.TryWrite(Beats.ToWire(answer));

    /// <summary>Hands beats on and sends answers until the session is over.</summary>
    public async Task RunAsync(Action<ServerMessage.Beat> take, CancellationToken cancellation)
    {
        for (int attempt = 1; !cancellation.IsCancellationRequested; attempt++)
        {
            try
            {
                if (attempt > 1)
                {
                    await Task.Delay(Backoff.Delay(attempt - 1), clock, cancellation);
                    await OpenAsync(cancellation);
                }

                await PumpAsync(_call!, beat =>
                {
                    attempt = 1;
                    take(beat);
                }, cancellation);
            }
            catch (RpcException e) when (e.StatusCode is StatusCode.Unauthenticated or StatusCode.Unimplemented)
            {
                // The session is over: the control stream says so, too.
                return;
            }
            catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or InvalidOperationException)
            {
                // Tried again, unless the node is leaving.
            }
        }
    }

    public void Dispose() => _call?.Dispose();

    private async Task PumpAsync(
        AsyncDuplexStreamingCall<BeatAnswered, Beat> call, Action<ServerMessage.Beat> take, CancellationToken cancellation)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var answering = AnswerAsync(call.RequestStream, broken.Token);
        try
        {
            while (await call.ResponseStream.MoveNext(cancellation))
            {
                take(Beats.FromWire(call.ResponseStream.Current));
            }
        }
        finally
        {
            await broken.CancelAsync();
            await answering;
        }
    }

    private async Task AnswerAsync(IClientStreamWriter<BeatAnswered> stream, CancellationToken cancellation)
    {
        try
        {
            await foreach (var answer in _answers.Reader.ReadAllAsync(cancellation))
            {
                record?.Count(answer);
                await stream.WriteInTimeAsync(answer, cancellation);
            }
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or IOException or InvalidOperationException)
        {
            // The call has ended; its reading side says how.
        }
    }
}
