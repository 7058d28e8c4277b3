namespace DemoFl.Simulation;

/// <summary>
/// An institution's ballot, vote, log and snapshot on a disk that keeps what was synced, and of the rest, after a crash, only as much as it had come to.
/// </summary>
internal sealed class ConsensusDisk(SplitMix64 randomness)
{
    private readonly List<ConsensusEffect> _unsynced = [];
    private readonly List<LogEntry> _entries = [];

    public HardState State { get; private set; }

    public ConsensusSnapshot Snapshot { get; private set; } = ConsensusSnapshot.Empty;

    public long Last => Snapshot.Last.Index + _entries.Count;

    public ConsensusProgress Read() => new(State, Snapshot, [.. _entries]);

    /// <summary>The entry at an index, or null if it is in the snapshot or was never written.</summary>
    public LogEntry? At(long index) => index > Snapshot.Last.Index && index <= Last ? _entries[(int)(index - Snapshot.Last.Index - 1)] : null;

    public void Write(ConsensusEffect effect) => _unsynced.Add(effect);

    public void Sync()
    {
        _unsynced.ForEach(Keep);
        _unsynced.Clear();
    }

    /// <summary>The machine goes down.</summary>
    public void Crash()
    {
        _unsynced.GetRange(0, randomness.Below(_unsynced.Count + 1)).ForEach(Keep);
        _unsynced.Clear();
    }

    private void Keep(ConsensusEffect effect)
    {
        switch (effect)
        {
            case ConsensusEffect.Persist m:
                State = m.State;
                if (m.Log is { } change)
                {
                    DropBehind(change.KeptUpTo);
                    _entries.AddRange(change.Appended);
                }

                break;
            case ConsensusEffect.SaveSnapshot m:
                int folded = m.KeepsLaterEntries ? (int)(m.Snapshot.Last.Index - Snapshot.Last.Index) : _entries.Count;
                _entries.RemoveRange(0, folded);
                Snapshot = m.Snapshot;
                break;
        }
    }

    private void DropBehind(long index)
    {
        int kept = (int)(index - Snapshot.Last.Index);
        _entries.RemoveRange(kept, _entries.Count - kept);
    }
}
