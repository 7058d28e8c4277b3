namespace DemoFl.Simulation;

/// <summary>What the server keeps on its disk, and what it reads there when it comes back.</summary>
internal sealed class ServerStorage(Federation federation)
{
    private readonly Disk _disk = new(federation.Scenario, federation.Tally);

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
        Model = record.Kind == DiskRecordKind.RoundCommitted ? record.Model : Model;
        return true;
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
        foreach (var record in _disk.Replay())
        {
            progress = record.Kind switch
            {
                DiskRecordKind.TermOpened => progress with { LastTerm = new Term(Math.Max(record.Number, progress.LastTerm.Value)) },
                DiskRecordKind.RoundOpened => progress with { LastRound = new Round(Math.Max(record.Number, progress.LastRound.Value)) },
                DiskRecordKind.RoundCommitted => progress with { CommittedRounds = progress.CommittedRounds + 1, ModelHash = record.Model },
                _ => progress,
            };
        }

        Model = progress.ModelHash;
        return progress;
    }
}
