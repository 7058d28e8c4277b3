using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>A change of the log on disk: what stands behind <paramref name="KeptUpTo"/> is dropped, then <paramref name="Appended"/> follows it.</summary>
public sealed record LogChange(long KeptUpTo, ImmutableArray<LogEntry> Appended);

/// <summary>Why a proposal was not taken.</summary>
public enum ProposalRefusal
{
    /// <summary>Another institution coordinates, or none.</summary>
    NotCoordinator = 1,

    /// <summary><see cref="ConsensusLimits.Uncommitted"/> entries already wait for a majority.</summary>
    TooManyUncommitted = 2,
}

/// <summary>Why a message was not looked at.</summary>
public enum ConsensusRefusal
{
    /// <summary>Its speaker is no member of the run.</summary>
    NotAMember = 1,

    /// <summary>No coordinator sends entries like these: too many, with gaps, or of ballots out of order.</summary>
    Malformed = 2,
}

/// <summary>
/// What an institution's consensus wants done, in order: an effect starts only when the ones before it are finished, so what is to be saved is durable
/// before anything is sent, applied or claimed that depends on it.
/// </summary>
public abstract record ConsensusEffect
{
    private ConsensusEffect()
    {
    }

    /// <summary>
    /// Write, fsync, and only then go on; the state not later than the log. A failed fsync stops the process. A model that an appended
    /// <see cref="Agreement.RoundCommitted"/> names is durable already.
    /// </summary>
    /// <param name="State">As it is now, changed or not.</param>
    /// <param name="Log">How the log changes, or null.</param>
    public sealed record Persist(HardState State, LogChange? Log) : ConsensusEffect;

    /// <summary>
    /// Replace the snapshot and drop the log up to it, or all of the log, as one durable step: half of it would lose what was acknowledged.
    /// </summary>
    public sealed record SaveSnapshot(ConsensusSnapshot Snapshot, bool KeepsLaterEntries) : ConsensusEffect;

    /// <summary>Tell one institution. May be lost.</summary>
    public sealed record Send(NodeId To, ConsensusMessage Message) : ConsensusEffect;

    /// <summary>
    /// This is agreed, for ever. In the order of the log, each index once in a life of the machine, from the snapshot that the life began with.
    /// </summary>
    public sealed record Apply(long Index, Agreement Agreement) : ConsensusEffect;

    /// <summary>What was agreed up to here is known only by what it comes to: the entries between are not applied one by one.</summary>
    public sealed record Restore(ConsensusSnapshot Snapshot) : ConsensusEffect;

    /// <summary>
    /// This institution coordinates. It knows everything that was ever agreed when its own <see cref="Agreement.BallotOpened"/> is applied, not before.
    /// </summary>
    public sealed record BecameCoordinator(Ballot Ballot) : ConsensusEffect;

    /// <summary>It no longer does. What it proposed may still be agreed, or never.</summary>
    public sealed record SteppedDown(Ballot Ballot) : ConsensusEffect;

    /// <summary>Proposed at this position: agreed if an entry of this ballot is applied there.</summary>
    public sealed record ProposalAccepted(long Number, LogPosition Position) : ConsensusEffect;

    /// <summary>Not proposed; <paramref name="Coordinator"/> may be able to, if it is known.</summary>
    public sealed record ProposalRefused(long Number, ProposalRefusal Reason, NodeId? Coordinator) : ConsensusEffect;

    /// <summary>A message changed nothing, and why.</summary>
    public sealed record Refused(NodeId From, ConsensusRefusal Reason) : ConsensusEffect;
}
