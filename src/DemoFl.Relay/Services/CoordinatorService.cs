using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Relay.Audit;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Peers;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Vectors;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Relay.Services;

/// <summary>The coordinator's side of the wire: admits nodes, pumps their control streams, moves vectors.</summary>
internal sealed class CoordinatorService(
    JoinHandshake handshake, SessionTable sessions, CoordinatorLoop loop, HeartbeatPump heartbeats, VectorTransfer transfer, VectorStore vectors,
    TrafficMeter traffic, AuditLog audit, ILogger<CoordinatorService> logger) : Coordinator.CoordinatorBase
{
    /// <summary>For a node to take the last frames and leave: cutting its stream off would throw them away.</summary>
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(3);

    public override async Task Attend(IAsyncStreamReader<NodeFrame> requests, IServerStreamWriter<ServerFrame> responses, ServerCallContext context)
    {
        var session = await AdmitAsync(requests, responses, context);
        Log.NodeJoined(logger, session.Credentials.Name, session.Node);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);

        // Before any broadcast can reach the session.
        session.Send(new ServerFrame { Accepted = loop.Welcome(session) });
        sessions.Add(session);
        await loop.PostAsync(new CoordinatorInput.NodeArrived(
            session.Node, session.Credentials.Name, session.Incarnation, session.CanLead, session.Number));
        var reading = Answer.ReadingAsync(context, () => ReadAsync(session, requests, context, ended.Token));
        var writing = Answer.SendingAsync(context, () => WriteAsync(session, responses, ended.Token));
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

    public override Task Heartbeat(
        IAsyncStreamReader<BeatAnswered> requestStream, IServerStreamWriter<Beat> responseStream, ServerCallContext context) =>
        Answer.ReadingAsync(context, () => heartbeats.RunAsync(sessions.Require(context), requestStream, responseStream, context));

    public override Task FetchModel(ModelRequest request, IServerStreamWriter<VectorFrame> responseStream, ServerCallContext context) =>
        Answer.SendingAsync(context, () =>
        {
            sessions.Require(context);
            return transfer.SendModelAsync(new Round(request.Round), responseStream, context.CancellationToken);
        });

    public override Task<VectorReceipt> SubmitVector(IAsyncStreamReader<VectorFrame> requestStream, ServerCallContext context) =>
        Answer.OfAsync(context, () => transfer.ReceiveAsync(sessions.Require(context), requestStream, context.CancellationToken));

    public override Task<VectorProgress> VectorState(VectorKey request, ServerCallContext context) =>
        Answer.OfAsync(
            context, () => Task.FromResult(new VectorProgress { ReceivedBytes = (ulong)vectors.Progress(sessions.Require(context).Node, request) }));

    public override Task<FederationStatus> GetStatus(StatusRequest request, ServerCallContext context) => Task.FromResult(loop.Status);

    private async Task<Session> AdmitAsync(IAsyncStreamReader<NodeFrame> requests, IServerStreamWriter<ServerFrame> responses, ServerCallContext context)
    {
        var origin = CallOrigin.Of(context);
        try
        {
            var session = await Answer.ReadingAsync(context, () => handshake.AdmitAsync(requests, responses, origin.Prove, context.CancellationToken));
            if (session.Head is { } head && loop.IsOutdatedBy(head))
            {
                throw new RpcException(new Grpc.Core.Status(StatusCode.Unavailable, "The server goes on from an older copy of the run, under another id; join again."));
            }

            origin.Admit(session);
            session.From = (context.Peer, origin.Connection.Address);
            return session;
        }
        catch (RpcException e) when (e.StatusCode != StatusCode.Cancelled)
        {
            origin.Explain(AuditKind.JoinRefused, e.Status.Detail);
            throw;
        }
    }

    private async Task ReadAsync(Session session, IAsyncStreamReader<NodeFrame> requests, ServerCallContext context, CancellationToken cancellation)
    {
        while (await requests.MoveNext(cancellation))
        {
            traffic.Count(Traffic.ControlUp, requests.Current);
            var frame = requests.Current;
            var message = NodeFrames.FromWire(frame);
            if (Verified(session, message))
            {
                await loop.PostAsync(new CoordinatorInput.NodeSaid(session.Node, message));
            }
            else
            {
                audit.Record(
                    new AuditEvent(AuditKind.BadSignature, context.Peer, session, message.GetType().Name, "the signature does not verify"),
                    CallOrigin.Of(context).Connection.Address);
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

    /// <summary>Signatures within messages: an offer and an agreement are their sender's, each digest its leader's.</summary>
    private bool Verified(Session session, NodeMessage message) => message switch
    {
        NodeMessage.OfferMade { Offer: var signed } => signed.Signer.PublicKey.Span.SequenceEqual(session.Credentials.PublicKey.Span)
            && Signature.Verify(session.Credentials.PublicKey.Span, KeyOffer.Domain, signed.Offer.Statement(), signed.Signature.Span),
        NodeMessage.DigestsReported report => report.Digests.All(d => loop.Leaders is { } leaders && d.Slot.Index < leaders.Seats.Length
            && sessions.Find(leaders.Seats[d.Slot.Index].Holder) is { } leader
            && Signature.Verify(leader.Credentials.PublicKey.Span, RoundDigest.Domain, d.Digest.Statement(), d.Signature.Span)),
        NodeMessage.ReplacementAgreed { Signed: var agreed } => Signature.Verify(
            session.Credentials.PublicKey.Span, Replacement.Domain, agreed.Replacement.Statement(), agreed.Signature.Span),
        _ => true,
    };

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
