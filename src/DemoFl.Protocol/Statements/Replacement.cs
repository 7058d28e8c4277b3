namespace DemoFl.Protocol;

/// <summary>
/// What every surviving leader signs before the seeds of a lost slot may go to another node in the middle of a round (DESIGN section 7). A leader
/// signs one a round, and none once it has released: so a server that declares leaders dead one after another gathers nobody's shares.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Round">The open round.</param>
/// <param name="Term">The term of the new leader set.</param>
/// <param name="Slot">The lost slot.</param>
/// <param name="Holder">Who takes it.</param>
/// <param name="Incarnation">In which life of its process.</param>
/// <param name="Offer">H(offer): the key under which parties seal to the new holder.</param>
/// <param name="Leaders">H(L'), the leader set with the slot filled anew.</param>
public sealed record Replacement(RunId Run, Round Round, Term Term, Slot Slot, NodeId Holder, Incarnation Incarnation, Hash256 Offer, Hash256 Leaders)
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "replacement";

    /// <summary>
    /// The replacement that makes <paramref name="next"/> of its predecessor by filling the slot of <paramref name="offer"/>. Two that are
    /// equal fill the same slot of the same set with the same key.
    /// </summary>
    public static Replacement Of(Round round, LeaderSet next, KeyOffer offer) => new(
        next.Run, round, next.Term, offer.Slot, offer.Holder, offer.Incarnation, Hash256.Of(offer.Statement()), next.Digest);

    /// <summary>The canonical bytes that a surviving leader signs.</summary>
    public byte[] Statement() => new CanonicalWriter(Domain).UInt128(Run.Value).UInt64(Round.Value).UInt64(Term.Value).Int32(Slot.Index)
        .Hash(Holder.Value).UInt128(Incarnation.Value).Hash(Offer).Hash(Leaders).ToArray();
}

/// <summary>One surviving leader's signature over a replacement.</summary>
public sealed record SignedReplacement(Slot Signer, Replacement Replacement, ReadOnlyMemory<byte> Signature);
