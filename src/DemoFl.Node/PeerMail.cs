using System.Collections.Immutable;
using DemoFl.Identity;
using DemoFl.Node.Connections;
using DemoFl.Node.Owner;
using DemoFl.Node.Rounds;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace DemoFl.Node;

/// <summary>
/// What a node's peers and it write to each other through the relay: seals and sends, opens and checks. What does not open, or is not what
/// it says, is dropped with a line in the log.
/// </summary>
internal sealed class PeerMail(string name, Membership membership, ChannelBook channels, RoundTasks rounds, ILogger logger)
{
    /// <summary>What a peer said, once it is opened and checked; null when it was dropped or needed no machine.</summary>
    public NodeInput? Read(Envelope envelope)
    {
        NodeId sender = default;
        try
        {
            sender = Field.Node(envelope.Peer, "envelope.peer");
            if (envelope.Refused)
            {
                Log.CameBack(logger, name, sender);
                return new NodeInput.CameBack(sender);
            }

            var frame = Messages.Parse(PeerFrame.Parser, envelope.Content.Memory);
            return frame.FrameCase switch
            {
                PeerFrame.FrameOneofCase.Answer => Drop(sender, channels.Accept(sender, Records.FromWire(frame.Answer))),
                PeerFrame.FrameOneofCase.Sealed => FromSealed(sender, frame.Sealed),
                _ => Drop(sender, "it is empty"),
            };
        }
        catch (WireFormatException e)
        {
            return Drop(sender, e.Message);
        }
    }

    /// <summary>Seals and sends; a message to a slot without a channel goes nowhere.</summary>
    public Task SendToHolderAsync(Slot slot, PeerMessage message)
    {
        var ((round, attempt), kind, content) = (PeerContents.PlaceOf(message), PeerContents.KindOf(message), PeerContents.ToBytes(message));

        // What leaders say to each other when the round closes goes by the link, whoever's vector is still under way: that one is not in the sum.
        return kind == SealedKind.Affirmation && rounds.TrySendBehind(slot, kind, content)
            ? Task.CompletedTask
            : SendAsync(channels.SealToHolder(slot, kind, round, attempt, content));
    }

    /// <summary>Seals and sends; a message to a party without a channel goes nowhere.</summary>
    public Task SendToPartyAsync(NodeId party, PeerMessage message)
    {
        var (round, attempt) = PeerContents.PlaceOf(message);
        return SendAsync(channels.SealToParty(party, PeerContents.KindOf(message), round, attempt, PeerContents.ToBytes(message)));
    }

    /// <summary>Gives the new holder of a slot what the earlier one has.</summary>
    public Task ResealAsync(NodeEffect.Reseal effect) => SendAsync(rounds.Reseal(effect));

    /// <summary>Answers each offer whose slot has no channel, and sends a first sealed message behind each answer.</summary>
    /// <exception cref="RecordException">The owner's record cannot be written; nothing was sent.</exception>
    public async Task AnswerAsync(ImmutableArray<SignedOffer> offers)
    {
        var answers = new List<(KeyOffer Offer, SignedAnswer Own)>();
        foreach (var signed in offers.Where(o => channels.HolderOf(o.Offer.Slot) is null))
        {
            var (own, objection) = channels.Answer(signed);
            if (own is null)
            {
                Log.OfferRefused(logger, name, signed.Offer.Slot, objection!);
            }
            else
            {
                answers.Add((signed.Offer, own));
            }
        }

        membership.Record?.Require([.. answers.Select(a => RecordNote.Answer(a.Offer))]);
        foreach (var (offer, own) in answers)
        {
            await SendAsync((offer.Holder, new PeerFrame { Answer = Records.ToWire(own) }));
            await SendAsync(channels.SealToHolder(offer.Slot, SealedKind.Confirm, null, default, PeerContents.ToBytes(new PeerMessage.Confirm())));
        }
    }

    private NodeInput? FromSealed(NodeId sender, Sealed message)
    {
        var opened = channels.Open(sender, message);
        if (opened is not { Content: { } content, Context: { } context })
        {
            return Drop(sender, opened.Objection);
        }

        if (context.Kind == SealedKind.VectorPiece)
        {
            bool whole = rounds.TakePiece(sender, context.Round, Field.Present(content.VectorPiece, "vector_piece"));
            return whole ? new NodeInput.VectorHeld(sender, context.Round) : null;
        }

        if (context is { Kind: SealedKind.Seed } && message.ToHolder)
        {
            var (nonce, seed) = SeedContents.FromContent(content);
            rounds.TakeSeed(sender, context, nonce, seed);
            return new NodeInput.SeedHeld(sender, context.Round, nonce);
        }

        var peerMessage = PeerContents.FromContent(content, context);
        if (peerMessage is PeerMessage.DigestShare { Digest: var signed }
            && !Signature.Verify(channels.KeyOf(sender).Span, RoundDigest.Domain, signed.Digest.Statement(), signed.Signature.Span))
        {
            return Drop(sender, "its digest's signature does not verify");
        }

        if (message.ToHolder)
        {
            return new NodeInput.FromParty(sender, peerMessage);
        }

        if (peerMessage is PeerMessage.Confirm)
        {
            rounds.Confirm(context.Slot);
        }

        return new NodeInput.FromHolder(context.Slot, peerMessage);
    }

    private NodeInput? Drop(NodeId sender, string? reason)
    {
        if (reason is not null)
        {
            Log.Dropped(logger, name, sender, reason);
        }

        return null;
    }

    private Task SendAsync((NodeId Receiver, PeerFrame Frame)? sealedFrame) => sealedFrame is { } message
        ? membership.ForwardAsync(new Envelope { Peer = Field.Of(message.Receiver), Content = message.Frame.ToByteString() })
        : Task.CompletedTask;
}
