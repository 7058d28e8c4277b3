using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>What a node tells the coordinator on its control stream.</summary>
public abstract record NodeMessage
{
    private NodeMessage()
    {
    }

    /// <summary>The node would hold a slot in <paramref name="Term"/>.</summary>
    public sealed record Recommendation(Term Term) : NodeMessage;

    /// <summary>A holder's key offer for its slot.</summary>
    public sealed record OfferMade(SignedOffer Offer) : NodeMessage;

    /// <summary>The node has confirmed pair channels with every holder of the term.</summary>
    public sealed record KeysEstablished(Term Term) : NodeMessage;

    /// <summary>Rotating layout: a leader has acknowledged the party's whole vector.</summary>
    public sealed record VectorDelivered(Round Round, Hash256 NonceHash) : NodeMessage;

    /// <summary>A party sits this round out, and why.</summary>
    public sealed record Declined(Round Round, string Reason) : NodeMessage;

    /// <summary>A leader's B_j, within B_0.</summary>
    public sealed record HoldingsReported(Round Round, Attempt Attempt, ImmutableArray<NodeId> Holdings) : NodeMessage;

    /// <summary>A leader holds equal digests of all N_l leaders.</summary>
    public sealed record DigestsReported(Round Round, Attempt Attempt, ImmutableArray<SignedDigest> Digests) : NodeMessage;

    /// <summary>A surviving leader agrees that the lost slot goes to this new holder.</summary>
    public sealed record ReplacementAgreed(Round Round, SignedReplacement Signed) : NodeMessage;

    /// <summary>Every leader of the new term can unmask this party: it has resealed, or announced anew, and they all have acknowledged it.</summary>
    public sealed record Resealed(Round Round, Term Term) : NodeMessage;

    /// <summary>A party gets no answer from the holder of a slot. Removes nobody; the coordinator probes.</summary>
    public sealed record HolderSilent(Round Round, Slot Slot) : NodeMessage;

    /// <summary>The answer to <see cref="ServerMessage.Beat"/>.</summary>
    public sealed record BeatAnswered(ulong Number) : NodeMessage;

    /// <summary>A leader will not go on with this round, and why.</summary>
    public sealed record LeaderRefused(Round Round, string Reason) : NodeMessage;
}
