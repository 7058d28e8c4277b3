using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>What a party and a holder say to each other inside their sealed channel.</summary>
public abstract record PeerMessage
{
    private PeerMessage()
    {
    }

    /// <summary>The key works.</summary>
    public sealed record Confirm : PeerMessage;

    /// <summary>
    /// The party's nonce for a round, with H(RoundSpec) and H(L) as the party was told them. A leader that was told otherwise does not
    /// acknowledge, so nothing of the party is sent.
    /// </summary>
    public sealed record Announcement(Round Round, Nonce Nonce, Hash256 Spec, Hash256 Leaders) : PeerMessage;

    /// <summary>The holder keeps the announcement (or, rotating, the whole vector).</summary>
    public sealed record Acknowledgement(Round Round, bool Vector) : PeerMessage;

    /// <summary>
    /// The party has seen the lost slot filled anew, and by whom. A leader counts on a party's masks only if it affirms the leader's own set: told of
    /// different replacements, they make no sum together.
    /// </summary>
    public sealed record Affirmation(Round Round, Term Term, Hash256 Leaders) : PeerMessage;

    /// <summary>The leader is of the set that the party affirmed.</summary>
    public sealed record AffirmationReceipt(Round Round, Term Term) : PeerMessage;

    /// <summary>SOFL: a leader's B_j within B_0, for the others to intersect, with H(B_0) as it was told.</summary>
    public sealed record HoldingsShare(Round Round, Attempt Attempt, Hash256 Uploaded, ImmutableArray<NodeId> Holdings) : PeerMessage;

    /// <summary>A leader's signed digest, sent as the party of the receiving slot's channel.</summary>
    public sealed record DigestShare(SignedDigest Digest) : PeerMessage;
}
