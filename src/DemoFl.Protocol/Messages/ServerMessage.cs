using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// What the coordinator tells a node on its control stream. The host signs the leader set, the round's spec and B_0 on the way
/// out and verifies them on the way in; a machine only ever sees what verified.
/// </summary>
public abstract record ServerMessage
{
    private ServerMessage()
    {
    }

    /// <summary>Term <paramref name="Term"/> seeks <paramref name="Seats"/> leaders; recommend yourself after a random wait in the window.</summary>
    public sealed record ElectionOpened(Term Term, TimeSpan Window, int Seats) : ServerMessage;

    /// <summary>L of a new term; the channels of seats that stay are kept. Channels made in it start their ratchet at <paramref name="NextRound"/>, so that a fresh process need not catch up.</summary>
    public sealed record LeadersAnnounced(LeaderSet Leaders, Round NextRound = default) : ServerMessage;

    /// <summary>The key offers of all holders of a term, for every node to answer.</summary>
    public sealed record OffersPublished(Term Term, ImmutableArray<SignedOffer> Offers) : ServerMessage;

    /// <summary>A round opens.</summary>
    public sealed record RoundOpened(RoundSpec Spec) : ServerMessage;

    /// <summary>To a leader, on a connection of its own: answer at once.</summary>
    public sealed record Beat(ulong Number) : ServerMessage;

    /// <summary>A leader is lost: announce nothing until its slot is filled anew. An election for <paramref name="Term"/> follows.</summary>
    public sealed record Paused(Round Round, Term Term, Slot Lost) : ServerMessage;

    /// <summary>To the node that is to fill the lost slot: offer keys for your seat in <paramref name="Leaders"/>.</summary>
    public sealed record SlotOffered(Round Round, LeaderSet Leaders) : ServerMessage;

    /// <summary>To a surviving leader: agree that the lost slot goes to the signer of this offer.</summary>
    public sealed record ReplacementAsked(Round Round, LeaderSet Leaders, SignedOffer Offer) : ServerMessage;

    /// <summary>
    /// The lost slot is filled anew, and every surviving leader has agreed. Parties reseal the lost slot's seeds to the new holder and affirm the new
    /// set; nobody trains again, and no masked vector travels again.
    /// </summary>
    public sealed record Replaced(Round Round, LeaderSet Leaders, SignedOffer Offer, ImmutableArray<SignedReplacement> Agreements) : ServerMessage;

    /// <summary>
    /// To a leader: these vectors are complete (B_0); report whose masks you hold. <paramref name="ByLeaders"/>: share that with the other leaders,
    /// and report and sign the intersection (SOFL).
    /// </summary>
    public sealed record HoldingsAsked(Round Round, Attempt Attempt, PartySet Uploaded, bool ByLeaders = false) : ServerMessage;

    /// <summary>To a leader: B. Check it, sign the digest, exchange it.</summary>
    public sealed record IntersectionProposed(Round Round, Attempt Attempt, PartySet Intersection) : ServerMessage;

    /// <summary>To a leader: the closing of the round is durable; send your sum.</summary>
    public sealed record ReleaseAsked(Round Round, Attempt Attempt) : ServerMessage;

    /// <summary>The round is committed and durable.</summary>
    public sealed record RoundCommitted(Round Round, Hash256 ModelHash, int Parties, RoundTotals Totals) : ServerMessage;

    /// <summary>The round changed nothing; the next one opens with fresh updates.</summary>
    public sealed record RoundAborted(Round Round, string Reason) : ServerMessage;

    /// <summary>The run is over.</summary>
    public sealed record RunFinished(bool Succeeded, string Reason) : ServerMessage;
}

/// <summary>
/// The totals that the lanes reveal, over B (DESIGN section 6): sample counts each capped at C_max, clipped coordinates, and the
/// training metrics.
/// </summary>
public sealed record RoundTotals(ulong SampleCount, ulong Clipped, double LossSum, ulong Correct, ulong Evaluated);
