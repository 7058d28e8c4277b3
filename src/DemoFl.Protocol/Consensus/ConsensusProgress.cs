using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>What the host read from its disk: everything that a life of the machine begins with.</summary>
/// <param name="State">As last saved by <see cref="ConsensusEffect.Persist"/>.</param>
/// <param name="Snapshot">As last saved by <see cref="ConsensusEffect.SaveSnapshot"/>.</param>
/// <param name="Entries">The log behind the snapshot, without gaps.</param>
public sealed record ConsensusProgress(HardState State, ConsensusSnapshot Snapshot, ImmutableArray<LogEntry> Entries)
{
    /// <summary>An institution that begins.</summary>
    public static readonly ConsensusProgress None = new(default, ConsensusSnapshot.Empty, []);
}
