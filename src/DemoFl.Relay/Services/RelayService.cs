using System.Threading.Channels;
using DemoFl.Protocol;
using DemoFl.Relay.Forwarding;
using DemoFl.Relay.Sessions;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;

namespace DemoFl.Relay.Services;

/// <summary>Forwards what it cannot read. The sender's name on an envelope is the one it proved, whatever the envelope said.</summary>
internal sealed class RelayService(SessionTable sessions, MailboxTable mailboxes, TrafficMeter traffic, TimeProvider clock) : V1.Relay.RelayBase
{
    /// <summary>How long a bulk transfer waits for a slow receiver.</summary>
    public static readonly TimeSpan SlowReceiverPatience = TimeSpan.FromSeconds(30);

    public override Task Link(IAsyncStreamReader<Envelope> requests, IServerStreamWriter<Envelope> responses, ServerCallContext context) =>
        Answer.ReadingAsync(context, () => LinkAsync(requests, responses, context));

    public override Task<SendReceipt> Send(IAsyncStreamReader<Envelope> requests, ServerCallContext context) =>
        Answer.ReadingAsync(context, () => SendAsync(requests, context));

    private async Task LinkAsync(IAsyncStreamReader<Envelope> requests, IServerStreamWriter<Envelope> responses, ServerCallContext context)
    {
        var session = sessions.Require(context);
        var mailbox = mailboxes.Open(session.Node);

        // Tells the node that from now on it can be reached; it says nothing to others before.
        await context.WriteResponseHeadersAsync([]);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken);
        var delivery = Answer.SendingAsync(context, () => DeliverAsync(mailbox, responses, ended.Token));
        try
        {
            while (await requests.MoveNext(ended.Token))
            {
                traffic.Count(Traffic.RelayUp, requests.Current);
                Forward(session, requests.Current, mailbox);
            }
        }
        finally
        {
            mailboxes.Close(session.Node, mailbox);
            await ended.CancelAsync();
            await Quietly(delivery);
        }
    }

    private async Task<SendReceipt> SendAsync(IAsyncStreamReader<Envelope> requests, ServerCallContext context)
    {
        var session = sessions.Require(context);
        uint delivered = 0;
        while (await requests.MoveNextInTimeAsync(context.CancellationToken))
        {
            traffic.Count(Traffic.RelayUp, requests.Current);
            await ForwardBulkAsync(session, requests.Current, context.CancellationToken);
            delivered++;
        }

        return new SendReceipt { Delivered = delivered };
    }

    private void Forward(Session sender, Envelope envelope, Mailbox back)
    {
        var receiver = Receiver(envelope, WireLimits.MaxLinkEnvelopeBytes);
        if (mailboxes.Find(receiver)?.TryPost(Stamped(sender, envelope)) != true)
        {
            back.TryPost(new Envelope { Peer = envelope.Peer, Content = envelope.Content, Refused = true });
        }
    }

    private async Task ForwardBulkAsync(Session sender, Envelope envelope, CancellationToken cancellation)
    {
        var receiver = Receiver(envelope, WireLimits.MaxEnvelopeBytes);
        var mailbox = mailboxes.Find(receiver) ?? throw new RpcException(new Status(StatusCode.Unavailable, $"Node {receiver} is not connected."));
        using var late = new CancellationTokenSource(SlowReceiverPatience, clock);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation, late.Token);
        try
        {
            await mailbox.PostBulkAsync(Stamped(sender, envelope), patience.Token);
        }
        catch (ChannelClosedException)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"Node {receiver} disconnected."));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new RpcException(new Status(
                StatusCode.ResourceExhausted, $"Node {receiver} took nothing for {SlowReceiverPatience.TotalSeconds:0} s."));
        }
    }

    private async Task DeliverAsync(Mailbox mailbox, IServerStreamWriter<Envelope> responses, CancellationToken cancellation)
    {
        while (await mailbox.TakeAsync(cancellation) is { } envelope)
        {
            traffic.Count(Traffic.RelayDown, envelope);
            await responses.WriteInTimeAsync(envelope, cancellation);
        }
    }

    private static async Task Quietly(Task delivery)
    {
        try
        {
            await delivery;
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException or IOException)
        {
            // The call has ended, or ends because this node takes nothing; the reading side says so.
        }
    }

    private static NodeId Receiver(Envelope envelope, int maxBytes)
    {
        if (envelope.Content.Length > maxBytes)
        {
            throw new WireFormatException($"An envelope carries {envelope.Content.Length} bytes, more than {maxBytes}.");
        }

        return Field.Node(envelope.Peer, "envelope.peer");
    }

    private static Envelope Stamped(Session sender, Envelope envelope) => new() { Peer = Field.Of(sender.Node), Content = envelope.Content };
}
