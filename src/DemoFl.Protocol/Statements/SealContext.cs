namespace DemoFl.Protocol;

/// <summary>What a sealed message is.</summary>
public enum SealedKind
{
    /// <summary>
    /// The first message each way: proves that both ends derived the same key. Belongs to the term in which the slot was taken, as the key does: it may
    /// cross a change of other slots.
    /// </summary>
    Confirm = 1,

    /// <summary>A party's nonce, to a leader. Belongs to the round.</summary>
    Announcement = 2,

    /// <summary>A leader's receipt of an announcement. Belongs to the round.</summary>
    Acknowledgement = 3,

    /// <summary>A leader's signed digest, to another leader. Belongs to the term.</summary>
    Digest = 4,

    /// <summary>A piece of a vector in the rotating layout. Belongs to the round.</summary>
    VectorPiece = 5,

    /// <summary>A party's mask seed of a slot that was filled anew, to its new holder. Belongs to the term that filled it.</summary>
    Seed = 6,

    /// <summary>A party's word, to every holder, which leader set it resealed to. Belongs to the term.</summary>
    Affirmation = 7,

    /// <summary>A leader's receipt of an affirmation of its own leader set. Belongs to the term.</summary>
    AffirmationReceipt = 8,

    /// <summary>A leader's B_j, to another leader, where the leaders intersect among themselves. Belongs to the term.</summary>
    Holdings = 9,
}

/// <summary>
/// The associated data of a sealed message (promise P7). The sequence number is added by the channel. A message moved to
/// another place, in any of these fields, fails to open.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Term">The term, or 0 for what belongs to the round and survives a change of term.</param>
/// <param name="Round">The round whose keys seal it.</param>
/// <param name="Attempt">The attempt, or 0 before the first.</param>
/// <param name="Sender">Who sealed it.</param>
/// <param name="Receiver">Who may open it.</param>
/// <param name="Slot">The slot whose channel carries it.</param>
/// <param name="Kind">What it is.</param>
public sealed record SealContext(
    RunId Run, Term Term, Round Round, Attempt Attempt, NodeId Sender, NodeId Receiver, Slot Slot, SealedKind Kind)
{
    /// <summary>Announcements, their receipts and vectors survive a change of term (consistency C6).</summary>
    public static bool BelongsToRound(SealedKind kind) =>
        kind is SealedKind.Announcement or SealedKind.Acknowledgement or SealedKind.VectorPiece;

    /// <summary>The canonical bytes.</summary>
    public byte[] Statement() => new CanonicalWriter("sealed").UInt128(Run.Value).UInt64(Term.Value).UInt64(Round.Value)
        .Int32(Attempt.Number).Hash(Sender.Value).Hash(Receiver.Value).Int32(Slot.Index).Int32((int)Kind).ToArray();
}

/// <summary>The context from which a mask seed is derived under the round's chain key (DESIGN section 6).</summary>
public static class MaskContext
{
    /// <summary>The canonical bytes; <paramref name="leaders"/> is H(L) at the announcement.</summary>
    public static byte[] Statement(RunId run, Round round, Slot slot, Nonce nonce, Hash256 leaders, Hash256 spec) =>
        new CanonicalWriter("mask").UInt128(run.Value).UInt64(round.Value).Int32(slot.Index).Hash(nonce.Value).Hash(leaders)
            .Hash(spec).ToArray();
}
