namespace DemoFl.Simulation;

/// <summary>What the server keeps on its disk, and what it reads there when it comes back.</summary>
internal sealed class ServerStorage(Federation federation)
{
    private readonly Disk _disk = new(federation.Scenario, federation.Tally);
    private readonly Dictionary<Hash256, (UnfinishedRound Round, uint[] Sum)> _closings = [];

    /// <summary>The model of the newest committed round.</summary>
    public Hash256 Model { get; private set; }

    /// <summary>Appends and syncs; false when the server went down on the way, before the write or (true) between write and sync.</summary>
    public bool Append(DiskRecord record, Func<bool, bool> goesDown)
    {
        if (goesDown(false))
        {
            return false;
        }

        _disk.Write(record);
        if (goesDown(true))
        {
            return false;
        }

        _disk.Sync();
        federation.Promises.OnDurable(record);
        Model = record.Kind == DiskRecordKind.RoundCommitted ? record.Content : Model;
        return true;
    }

    /// <summary>B, and the sum over it, of the round that was closing when the server went down.</summary>
    public (PartySet B, uint[] Sum)? Recovered { get; private set; }

    /// <summary>The record of a closing whose file, with the sum over B, is durable before it.</summary>
    public DiskRecord RecordOf(UnfinishedRound round, uint[] sum)
    {
        var content = sum.Aggregate(new CanonicalWriter("closing").Hash(round.Spec.Digest).Hash(round.Intersection.Digest), (w, word) => w.UInt64(word)).ToHash();
        _closings[content] = (round, [.. sum]);
        return new DiskRecord(DiskRecordKind.RoundClosing, round.Spec.Round.Value, content);
    }

    public static DiskRecord RecordOf(JournalEntry entry) => entry switch
    {
        JournalEntry.TermOpened m => new(DiskRecordKind.TermOpened, m.Term.Value, default),
        JournalEntry.RoundOpened m => new(DiskRecordKind.RoundOpened, m.Round.Value, default),
        JournalEntry.RoundAborted m => new(DiskRecordKind.RoundAborted, m.Round.Value, default),
        _ => throw new ArgumentException($"No record for {entry.GetType().Name}.", nameof(entry)),
    };

    public void Crash() => _disk.Crash();

    /// <summary>Where the run stands, by the journal.</summary>
    public CoordinatorProgress Recover()
    {
        var progress = new CoordinatorProgress(default, default, 0, default, federation.Scenario.Rules.Encoding.Clip);
        ulong ended = 0;
        foreach (var record in _disk.Replay())
        {
            progress = record.Kind switch
            {
                // A reorganisation voids the attempt that was closing.
                DiskRecordKind.TermOpened => progress with { LastTerm = new Term(Math.Max(record.Number, progress.LastTerm.Value)), Unfinished = null },
                DiskRecordKind.RoundOpened => progress with { LastRound = new Round(Math.Max(record.Number, progress.LastRound.Value)), Unfinished = null },
                DiskRecordKind.RoundCommitted => progress with
                {
                    CommittedRounds = progress.CommittedRounds + 1, ModelHash = record.Content, Unfinished = null,
                },
                DiskRecordKind.RoundAborted => progress with { Unfinished = null },

                // The slow work of a round that was given up in the meantime comes too late.
                DiskRecordKind.RoundClosing when record.Number > ended && record.Number == progress.LastRound.Value =>
                    progress with { Unfinished = _closings[record.Content].Round },
                _ => progress,
            };
            ended = record.Kind is DiskRecordKind.RoundAborted or DiskRecordKind.RoundCommitted ? record.Number : ended;
            Recovered = progress.Unfinished is { } unfinished ? (unfinished.Intersection, _closings.Values.Last(c => c.Round == unfinished).Sum) : null;
        }

        Model = progress.ModelHash;
        return progress;
    }
}
