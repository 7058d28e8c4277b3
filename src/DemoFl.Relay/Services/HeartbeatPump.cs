using DemoFl.Protocol;
using DemoFl.Relay.Audit;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Sessions;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;

namespace DemoFl.Relay.Services;

/// <summary>Moves the coordinator's beats out on a node's heartbeat call and their answers in.</summary>
internal sealed class HeartbeatPump(CoordinatorLoop loop, TrafficMeter traffic, AuditLog audit)
{
    public async Task RunAsync(
        Session session, IAsyncStreamReader<BeatAnswered> answers, IServerStreamWriter<Beat> beats, ServerCallContext context)
    {
        var heart = session.OpenHeart();

        // Tells the node that beats get through from now on.
        await context.WriteResponseHeadersAsync([]);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var reading = ReadAsync(session, heart, answers, ended.Token);
        var writing = Answer.SendingAsync(context, () => WriteAsync(heart, beats, ended.Token));
        try
        {
            await await Task.WhenAny(reading, writing);
        }
        finally
        {
            heart.Stop();
            await ended.CancelAsync();
            await Task.WhenAll(Quietly(reading), Quietly(writing));
        }
    }

    private async Task ReadAsync(Session session, Heart heart, IAsyncStreamReader<BeatAnswered> answers, CancellationToken cancellation)
    {
        while (await answers.MoveNext(cancellation))
        {
            traffic.Count(Traffic.ControlUp, answers.Current);
            var answer = Beats.FromWire(answers.Current);

            // What answers nothing stays out of the coordinator's inbox, however much of it there is.
            if (heart.Takes(answer))
            {
                loop.PostAnswer(new CoordinatorInput.NodeSaid(session.Node, answer));
            }
            else if (answer.Number > heart.LastSent)
            {
                string reason = $"beat {answer.Number} was never sent to it";
                audit.Record(new AuditEvent(AuditKind.OutOfRole, session.From.Peer, session, nameof(NodeMessage.BeatAnswered), reason), session.From.Address);
            }
        }
    }

    private async Task WriteAsync(Heart heart, IServerStreamWriter<Beat> beats, CancellationToken cancellation)
    {
        await foreach (var beat in heart.Beats.ReadAllAsync(cancellation))
        {
            var frame = Beats.ToWire(beat);
            traffic.Count(Traffic.ControlDown, frame);
            await beats.WriteInTimeAsync(frame, cancellation);
        }
    }

    private static async Task Quietly(Task task)
    {
        try
        {
            await task;
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException or IOException or InvalidOperationException)
        {
            // The first of the two to end has already decided how the call ends.
        }
    }
}
