using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// The log behind its snapshot, what of it is committed, and what of it the disk does not have yet. Never drops what is committed but by compacting it.
/// </summary>
internal sealed class ReplicatedLog
{
    private readonly List<LogEntry> _entries;
    private long _unchangedUpTo;
    private long _onDisk;

    /// <exception cref="ArgumentException">The entries leave gaps.</exception>
    public ReplicatedLog(ConsensusSnapshot snapshot, ImmutableArray<LogEntry> entries)
    {
        for (int i = 0; i < entries.Length; i++)
        {
            if (entries[i].Index != snapshot.Last.Index + 1 + i)
            {
                throw new ArgumentException($"Entry {entries[i].Index} stands where {snapshot.Last.Index + 1 + i} belongs.", nameof(entries));
            }
        }

        (Snapshot, _entries, Committed) = (snapshot, [.. entries], snapshot.Last.Index);
        _unchangedUpTo = _onDisk = Last.Index;
    }

    public ConsensusSnapshot Snapshot { get; private set; }

    /// <summary>The highest index known to be committed.</summary>
    public long Committed { get; private set; }

    public LogPosition Last => _entries.Count > 0 ? _entries[^1].Position : Snapshot.Last;

    /// <summary>From the snapshot's last index to the log's.</summary>
    public Ballot BallotAt(long index) => index == Snapshot.Last.Index ? Snapshot.Last.Ballot : this[index].Ballot;

    public LogEntry this[long index] => _entries[checked((int)(index - Snapshot.Last.Index - 1))];

    public bool Has(LogPosition position) =>
        position.Index >= Snapshot.Last.Index && position.Index <= Last.Index && BallotAt(position.Index) == position.Ballot;

    /// <summary>At most <paramref name="count"/> entries from <paramref name="first"/> on, which is behind the snapshot.</summary>
    public ImmutableArray<LogEntry> From(long first, int count)
    {
        int skipped = checked((int)(first - Snapshot.Last.Index - 1));
        return [.. _entries.Skip(skipped).Take(count)];
    }

    public LogEntry Append(Ballot ballot, Agreement agreement)
    {
        var entry = new LogEntry(Last.Index + 1, ballot, agreement);
        _entries.Add(entry);
        return entry;
    }

    /// <summary>
    /// Takes entries that follow a position that this log has (figure 2, AppendEntries rules 3 and 4). Only a conflict drops what is behind it: entries that
    /// are there already may be an old message's, and the log may have gone on since.
    /// </summary>
    public void Merge(ImmutableArray<LogEntry> entries)
    {
        foreach (var entry in entries.Where(e => !Has(e.Position)))
        {
            DropFrom(entry.Index);
            _entries.Add(entry);
        }
    }

    public void Commit(long index) => Committed = Math.Max(Committed, index);

    /// <summary>
    /// The last index up to which this log could agree with one that has something else, or nothing, behind <paramref name="position"/>: no later than it,
    /// and of no later ballot.
    /// </summary>
    public long CouldAgreeUpTo(LogPosition position)
    {
        long index = Math.Min(position.Index, Last.Index);
        while (index > Snapshot.Last.Index && BallotAt(index) > position.Ballot)
        {
            index--;
        }

        return index;
    }

    /// <summary>Takes a snapshot that reaches beyond what is committed here; keeps what follows it if the logs agree there (figure 13, rule 6).</summary>
    public ConsensusEffect.SaveSnapshot Install(ConsensusSnapshot snapshot)
    {
        bool keepsLater = Has(snapshot.Last);
        _entries.RemoveRange(0, keepsLater ? (int)(snapshot.Last.Index - Snapshot.Last.Index) : _entries.Count);
        Snapshot = snapshot;
        Committed = snapshot.Last.Index;
        _unchangedUpTo = _onDisk = Last.Index;
        return new ConsensusEffect.SaveSnapshot(snapshot, keepsLater);
    }

    /// <summary>Once more than <paramref name="limit"/> committed entries are kept, leaves half of them, for followers that are a little behind.</summary>
    public ConsensusEffect.SaveSnapshot? CompactBeyond(int limit)
    {
        if (Committed - Snapshot.Last.Index <= limit)
        {
            return null;
        }

        int folded = (int)(Committed - Snapshot.Last.Index) - (limit / 2);
        Snapshot = _entries.Take(folded).Aggregate(Snapshot, (snapshot, entry) => snapshot.With(entry));
        _entries.RemoveRange(0, folded);
        return new ConsensusEffect.SaveSnapshot(Snapshot, KeepsLaterEntries: true);
    }

    /// <summary>How the disk's log differs from this one, or null; once.</summary>
    public LogChange? TakeChange()
    {
        if (_unchangedUpTo == _onDisk && _onDisk == Last.Index)
        {
            return null;
        }

        var change = new LogChange(_unchangedUpTo, From(_unchangedUpTo + 1, int.MaxValue));
        _unchangedUpTo = _onDisk = Last.Index;
        return change;
    }

    private void DropFrom(long index)
    {
        if (index <= Committed)
        {
            throw new InvalidOperationException($"Entry {index} is committed and was to be replaced.");
        }

        if (index <= Last.Index)
        {
            _entries.RemoveRange((int)(index - Snapshot.Last.Index - 1), (int)(Last.Index - index + 1));
            _unchangedUpTo = Math.Min(_unchangedUpTo, index - 1);
        }
    }
}
