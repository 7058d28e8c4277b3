using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Vectors;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Services;

/// <summary>The coordinator's side of the wire: admits nodes, pumps their control streams, moves vectors.</summary>
internal sealed class CoordinatorService(
    JoinHandshake handshake, SessionTable sessions, CoordinatorLoop loop, VectorTransfer transfer, VectorStore vectors, TrafficMeter traffic,
    ILogger<CoordinatorService> logger) : Coordinator.CoordinatorBase
{
    /// <summary>For a node to take the last frames and leave: cutting its stream off would throw them away.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(3);

    public override async Task Attend(IAsyncStreamReader<NodeFrame> requests, IServerStreamWriter<ServerFrame> responses, ServerCallContext context)
    {
        var session = await Answered(() => handshake.AdmitAsync(requests, responses, context.CancellationToken), context);
        Log.NodeJoined(logger, session.Credentials.Name, session.Node);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);

        // Before any broadcast can reach the session.
        session.Send(new ServerFrame { Accepted = loop.Welcome(session) });
        sessions.Add(session);
        await loop.PostAsync(new CoordinatorInput.NodeArrived(
            session.Node, session.Credentials.Name, session.Incarnation, session.CanLead, session.Number));
        var reading = ReadAsync(session, requests, context, ended.Token);
        var writing = WriteAsync(session, responses, ended.Token);
        try
        {
            await await Task.WhenAny(reading, writing);
        }
        finally
        {
            session.Close();
            if (sessions.Remove(session))
            {
                await loop.PostAsync(new CoordinatorInput.NodeDeparted(session.Node, session.Incarnation, session.Number));
            }

            Log.NodeLeft(logger, session.Credentials.Name, session.Node);
            await Task.WhenAny(reading, Task.Delay(FarewellPatience, context.CancellationToken));
            await ended.CancelAsync();
            await Task.WhenAll(Quietly(reading), Quietly(writing));
        }
    }

    public override Task FetchModel(ModelRequest request, IServerStreamWriter<VectorFrame> responseStream, ServerCallContext context) =>
        Answered(
            async () =>
            {
                sessions.Require(context);
                await transfer.SendModelAsync(new Round(request.Round), responseStream, context.CancellationToken);
                return true;
            },
            context);

    public override Task<VectorReceipt> SubmitVector(IAsyncStreamReader<VectorFrame> requestStream, ServerCallContext context) =>
        Answered(() => transfer.ReceiveAsync(sessions.Require(context), requestStream, context.CancellationToken), context);

    public override Task<VectorProgress> VectorState(VectorKey request, ServerCallContext context) =>
        Answered(
            () => Task.FromResult(new VectorProgress { ReceivedBytes = (ulong)vectors.Progress(sessions.Require(context).Node, request) }), context);

    public override Task<FederationStatus> GetStatus(StatusRequest request, ServerCallContext context) => Task.FromResult(loop.Status);

    private async Task ReadAsync(Session session, IAsyncStreamReader<NodeFrame> requests, ServerCallContext context, CancellationToken cancellation)
    {
        while (await requests.MoveNext(cancellation))
        {
            traffic.Count(Traffic.ControlUp, requests.Current);
            var frame = requests.Current;
            var message = await Answered(() => Task.FromResult(NodeFrames.FromWire(frame)), context);
            if (Verified(session, message))
            {
                await loop.PostAsync(new CoordinatorInput.NodeSaid(session.Node, message));
            }
            else
            {
                Log.BadSignature(logger, session.Credentials.Name, session.Node, message.GetType().Name);
            }
        }
    }

    private async Task WriteAsync(Session session, IServerStreamWriter<ServerFrame> responses, CancellationToken cancellation)
    {
        await foreach (var frame in session.Outbox.ReadAllAsync(cancellation))
        {
            traffic.Count(Traffic.ControlDown, frame);
            await responses.WriteInTimeAsync(frame, cancellation);
        }
    }

    /// <summary>Signatures within messages: an offer is its sender's, each digest its leader's.</summary>
    private bool Verified(Session session, NodeMessage message) => message switch
    {
        NodeMessage.OfferMade { Offer: var signed } => signed.Signer.PublicKey.Span.SequenceEqual(session.Credentials.PublicKey.Span)
            && Signature.Verify(session.Credentials.PublicKey.Span, KeyOffer.Domain, signed.Offer.Statement(), signed.Signature.Span),
        NodeMessage.DigestsReported report => report.Digests.All(d => loop.Leaders is { } leaders && d.Slot.Index < leaders.Seats.Length
            && sessions.Find(leaders.Seats[d.Slot.Index].Holder) is { } leader
            && Signature.Verify(leader.Credentials.PublicKey.Span, RoundDigest.Domain, d.Digest.Statement(), d.Signature.Span)),
        _ => true,
    };

    /// <summary>The one place where refusals become statuses.</summary>
    private async Task<T> Answered<T>(Func<Task<T>> work, ServerCallContext context)
    {
        try
        {
            return await work();
        }
        catch (WireFormatException e)
        {
            Log.Refused(logger, context.Method, context.Peer, e.Message);
            throw new RpcException(new Status(StatusCode.InvalidArgument, e.Message));
        }
        catch (VectorRefusedException e)
        {
            Log.Refused(logger, context.Method, context.Peer, e.Message);
            throw new RpcException(new Status(StatusCode.FailedPrecondition, e.Message));
        }
        catch (RpcException e)
        {
            Log.Refused(logger, context.Method, context.Peer, e.Status.Detail);
            throw;
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
            // The first of the two pumps to end has already decided how the call ends.
        }
    }
}
