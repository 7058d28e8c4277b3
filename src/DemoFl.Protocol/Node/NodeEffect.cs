using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>What a node wants done, in order. Long work is answered by an input.</summary>
public abstract record NodeEffect
{
    private NodeEffect()
    {
    }

    /// <summary>Tell the coordinator.</summary>
    public sealed record Tell(NodeMessage Message) : NodeEffect;

    /// <summary>Seal and send to the holder of a slot, as a party.</summary>
    public sealed record ToHolder(Slot Slot, PeerMessage Message) : NodeEffect;

    /// <summary>Seal and send to a party, as a holder.</summary>
    public sealed record ToParty(NodeId Party, PeerMessage Message) : NodeEffect;

    /// <summary>
    /// These lead now. Channels of seats that are the same as before are kept. The others are erased; while a round is open, those to holders are
    /// set aside until it closes, because seeds are still derived from them (<see cref="Reseal"/>).
    /// </summary>
    public sealed record SeatLeaders(LeaderSet Leaders) : NodeEffect;

    /// <summary>Make, sign and send a key offer for the slot this node took.</summary>
    public sealed record OfferKeys(LeaderSet Leaders, Slot Slot, Round FirstRound) : NodeEffect;

    /// <summary>
    /// Judge those of these offers whose slot has no channel yet, answer each, and send a first sealed message behind each answer.
    /// </summary>
    public sealed record AnswerOffers(LeaderSet Leaders, ImmutableArray<SignedOffer> Offers) : NodeEffect;

    /// <summary>This node takes part in a round, as a party or as a leader or both.</summary>
    public sealed record OpenRound(RoundSpec Spec) : NodeEffect;

    /// <summary>Fetch W_t, train, encode once; answered by UpdatePrepared or UpdateFailed.</summary>
    public sealed record PrepareUpdate(RoundSpec Spec) : NodeEffect;

    /// <summary>
    /// Mask and send the vector; answered by VectorSubmitted or UpdateFailed. <paramref name="Leaders"/> are those it was announced under: the seed of a slot
    /// that has a new holder since is still that of the earlier one's channel. Rotating: the present holder gets the vector. Plain: no leaders.
    /// </summary>
    public sealed record SubmitVector(RoundSpec Spec, LeaderSet? Leaders, Nonce Nonce) : NodeEffect;

    /// <summary>
    /// Derive a party's mask seed now and keep it until the round closes: a party that joins again in mid-round makes a new channel, and its vector
    /// is masked under the old one.
    /// </summary>
    public sealed record HoldMask(RoundSpec Spec, LeaderSet Leaders, Slot Slot, NodeId Party, Nonce Nonce) : NodeEffect;

    /// <summary>
    /// Seal to the present holder of <paramref name="Slot"/>, with the nonce, the seed that its earlier holder has, derived under
    /// <paramref name="Announced"/> as it was announced. Where that slot keeps the whole vector (rotating), there is no seed;
    /// <paramref name="Vector"/> says that the vector was on its way: the same bytes go to the new holder.
    /// </summary>
    public sealed record Reseal(RoundSpec Spec, LeaderSet Announced, Slot Slot, Nonce Nonce, bool Vector) : NodeEffect;

    /// <summary>Judge who made this offer, as a party would, and sign the replacement; answered by ReplacementSigned or ReplacementDeclined.</summary>
    public sealed record SignReplacement(Replacement Replacement, SignedOffer Offer) : NodeEffect;

    /// <summary>Sign a digest; answered by DigestSigned.</summary>
    public sealed record SignDigest(RoundDigest Digest) : NodeEffect;

    /// <summary>Add up the masks (rotating: and vectors) of B and send the sum with all digests.</summary>
    public sealed record ReleaseSum(
        RoundSpec Spec, LeaderSet Leaders, Slot Slot, Attempt Attempt, ImmutableArray<(NodeId Party, Nonce Nonce)> Parties) : NodeEffect;

    /// <summary>Erase what belongs to rounds up to this one: chain keys, vectors, sums.</summary>
    public sealed record CloseRound(Round Round, bool Committed) : NodeEffect;

    /// <summary>The public totals of a committed round, from which the next clip follows.</summary>
    public sealed record ObserveTotals(RoundSpec Spec, ServerMessage.RoundCommitted Commit) : NodeEffect;

    /// <summary>For people.</summary>
    public sealed record Report(NodeEvent Event) : NodeEffect;

    /// <summary>The run is over.</summary>
    public sealed record Finish(bool Succeeded, string Reason) : NodeEffect;
}

/// <summary>What a node's owner would want to see.</summary>
public abstract record NodeEvent
{
    private NodeEvent()
    {
    }

    /// <summary>This node holds a slot.</summary>
    public sealed record SlotTaken(Term Term, Slot Slot) : NodeEvent;

    /// <summary>Channels with all leaders are confirmed.</summary>
    public sealed record KeysEstablished(Term Term) : NodeEvent;

    /// <summary>This node takes part in a round.</summary>
    public sealed record RoundJoined(Round Round) : NodeEvent;

    /// <summary>This node sits a round out, or refuses to lead it.</summary>
    public sealed record Declined(Round Round, string Reason) : NodeEvent;

    /// <summary>A lost leader's slot is filled anew in the middle of a round.</summary>
    public sealed record LeaderReplaced(Round Round, Term Term, Slot Slot) : NodeEvent;

    /// <summary>This party has given the new holder of a slot what the earlier one had.</summary>
    public sealed record Resealed(Round Round, Term Term) : NodeEvent;

    /// <summary>A round ended.</summary>
    public sealed record RoundEnded(Round Round, string? AbortReason) : NodeEvent;
}
