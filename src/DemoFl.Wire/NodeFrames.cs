using DemoFl.Protocol;
using Frame = DemoFl.V1.NodeFrame;

namespace DemoFl.Wire;

/// <summary>What a node says to the coordinator, to and from its frames.</summary>
public static class NodeFrames
{
    /// <summary>The frame of a message.</summary>
    public static Frame ToWire(NodeMessage message) => message switch
    {
        NodeMessage.Recommendation m => new Frame { Recommendation = new V1.Recommendation { Term = m.Term.Value } },
        NodeMessage.OfferMade m => new Frame { OfferMade = Records.ToWire(m.Offer) },
        NodeMessage.KeysEstablished m => new Frame { KeysEstablished = new V1.KeysEstablished { Term = m.Term.Value } },
        NodeMessage.VectorDelivered m => new Frame
        {
            VectorDelivered = new V1.VectorDelivered { Round = m.Round.Value, NonceHash = Field.Of(m.NonceHash) },
        },
        NodeMessage.Declined m => new Frame { Declined = new V1.Declined { Round = m.Round.Value, Reason = Shortened(m.Reason) } },
        NodeMessage.HoldingsReported m => new Frame
        {
            HoldingsReported = new V1.HoldingsReported
            {
                Round = m.Round.Value, Attempt = (uint)m.Attempt.Number, Holdings = { m.Holdings.Select(Field.Of) },
            },
        },
        NodeMessage.DigestsReported m => new Frame
        {
            DigestsReported = new V1.DigestsReported
            {
                Round = m.Round.Value, Attempt = (uint)m.Attempt.Number, Digests = { m.Digests.Select(Records.ToWire) },
            },
        },
        NodeMessage.LeaderRefused m => new Frame { LeaderRefused = new V1.LeaderRefused { Round = m.Round.Value, Reason = Shortened(m.Reason) } },
        NodeMessage.ReplacementAgreed m => new Frame
        {
            ReplacementAgreed = new V1.ReplacementAgreed { Round = m.Round.Value, Replacement = Records.ToWire(m.Signed) },
        },
        NodeMessage.Resealed m => new Frame { Resealed = new V1.Resealed { Round = m.Round.Value, Term = m.Term.Value } },
        NodeMessage.HolderSilent m => new Frame { HolderSilent = new V1.HolderSilent { Round = m.Round.Value, Slot = (uint)m.Slot.Index } },
        _ => throw new ArgumentException($"No frame for {message.GetType().Name}.", nameof(message)),
    };

    /// <summary>The message of a frame; the caller verifies signatures within it.</summary>
    /// <exception cref="WireFormatException">Malformed.</exception>
    public static NodeMessage FromWire(Frame frame) => frame.FrameCase switch
    {
        Frame.FrameOneofCase.Recommendation => new NodeMessage.Recommendation(new Term(frame.Recommendation.Term)),
        Frame.FrameOneofCase.OfferMade => new NodeMessage.OfferMade(Records.FromWire(frame.OfferMade)),
        Frame.FrameOneofCase.KeysEstablished => new NodeMessage.KeysEstablished(new Term(frame.KeysEstablished.Term)),
        Frame.FrameOneofCase.VectorDelivered => new NodeMessage.VectorDelivered(
            new Round(frame.VectorDelivered.Round), Field.Hash(frame.VectorDelivered.NonceHash, "vector_delivered.nonce_hash")),
        Frame.FrameOneofCase.Declined => new NodeMessage.Declined(new Round(frame.Declined.Round), Field.Text(frame.Declined.Reason, "declined.reason")),
        Frame.FrameOneofCase.HoldingsReported => new NodeMessage.HoldingsReported(
            new Round(frame.HoldingsReported.Round), Field.Attempt(frame.HoldingsReported.Attempt, "attempt"),
            Field.List(frame.HoldingsReported.Holdings, "holdings", WireLimits.MaxParties, h => Field.Node(h, "holdings"))),
        Frame.FrameOneofCase.DigestsReported => new NodeMessage.DigestsReported(
            new Round(frame.DigestsReported.Round), Field.Attempt(frame.DigestsReported.Attempt, "attempt"),
            Field.List(frame.DigestsReported.Digests, "digests", WireLimits.MaxSlots, Records.FromWire)),
        Frame.FrameOneofCase.LeaderRefused => new NodeMessage.LeaderRefused(
            new Round(frame.LeaderRefused.Round), Field.Text(frame.LeaderRefused.Reason, "leader_refused.reason")),
        Frame.FrameOneofCase.ReplacementAgreed => new NodeMessage.ReplacementAgreed(
            new Round(frame.ReplacementAgreed.Round), Records.FromWire(frame.ReplacementAgreed.Replacement)),
        Frame.FrameOneofCase.Resealed => new NodeMessage.Resealed(new Round(frame.Resealed.Round), new Term(frame.Resealed.Term)),
        Frame.FrameOneofCase.HolderSilent => new NodeMessage.HolderSilent(
            new Round(frame.HolderSilent.Round), Field.Slot(frame.HolderSilent.Slot, "holder_silent.slot")),
        _ => throw new WireFormatException($"A node frame of kind {frame.FrameCase} has no place here."),
    };

    private static string Shortened(string reason) => reason.Length <= WireLimits.MaxText ? reason : reason[..WireLimits.MaxText];
}
