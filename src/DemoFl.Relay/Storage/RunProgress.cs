using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Storage;

/// <summary>Where a run stands: what its journal says, and the model that goes with it.</summary>
internal sealed record RunProgress(
    RunId Run, Term LastTerm, Round LastRound, int CommittedRounds, Hash256 ModelHash, ClipState Clip, string? Checkpoint, ModelSnapshot? Model)
{
    /// <summary>The newest committed round, or null.</summary>
    public RoundCommittedRecord? LastCommit { get; private init; }

    /// <summary>The round that was closing when the last process of this run ended, or null.</summary>
    public RoundClosing? Closing { get; private init; }

    /// <summary>The sum over its B; null also where the file is not what the journal says, and the round must be given up.</summary>
    public RingAggregate? ClosingSum { get; init; }

    /// <summary>That round as the coordinator takes it up.</summary>
    public UnfinishedRound? Unfinished => Closing is { } closing && ClosingSum is not null
        ? new UnfinishedRound(
            RoundSpecs.FromWire(closing.Spec), Records.FromWire(closing.Leaders), Field.Attempt(closing.Attempt, "attempt"),
            Records.FromWire(closing.Intersection, "intersection"))
        : null;

    /// <summary>The server optimiser's state, or null without one.</summary>
    public Moments? Moments { get; init; }

    /// <summary>How good the newest committed model is, as far as the journal says; null when it must be judged anew.</summary>
    public Judgement? JudgedFor(Job job) =>
        LastCommit?.Judged is { } judged ? new Judgement(judged.Loss, judged.Accuracy)
        : LastCommit is { Totals: { } totals } && job.HeldOut is null ? Judgement.OfParties(Records.FromWire(totals))
        : null;

    /// <summary>The journal read from its beginning, of this job.</summary>
    public static RunProgress Replay(IReadOnlyList<JournalRecord> records, string path, Job job)
    {
        var progress = Replay(records, path);
        return records[0].RunCreated.Job == job.Text
            ? progress
            : throw new InvalidDataException($"{path} belongs to another job.\n  there: {records[0].RunCreated.Job}\n  here:  {job.Text}");
    }

    /// <summary>The journal read from its beginning, of whatever job.</summary>
    public static RunProgress Replay(IReadOnlyList<JournalRecord> records, string path)
    {
        if (records.Count == 0 || records[0].RecordCase != JournalRecord.RecordOneofCase.RunCreated)
        {
            throw new InvalidDataException($"{path} does not begin with the creation of a run.");
        }

        var created = records[0].RunCreated;
        if (created.SchemaVersion != Journal.SchemaVersion)
        {
            throw new InvalidDataException($"{path} has schema version {created.SchemaVersion}; this program reads {Journal.SchemaVersion}, another release may read it.");
        }

        try
        {
            var progress = new RunProgress(
                Field.Run(created.Run, "run"), default, default, 0, Field.Hash(created.ModelHash, "model_hash"), ClipOf(created.Clip, 0), null, null);
            return records.Skip(1).Aggregate(progress, (state, record) => state.After(record, path));
        }
        catch (WireFormatException e)
        {
            throw new InvalidDataException($"{path} holds a record that no server writes: {e.Message}", e);
        }
    }

    /// <summary>The highest round whose end is known.</summary>
    private ulong LastEnded { get; init; }

    /// <summary>One record on.</summary>
    public RunProgress After(JournalRecord record, string path) => record.RecordCase switch
    {
        // In the middle of a round a term begins when a slot is filled anew, which voids the attempt that was closing.
        JournalRecord.RecordOneofCase.TermOpened => this with
        {
            LastTerm = new Term(Math.Max(LastTerm.Value, Counted(record.TermOpened.Term, "term"))), Closing = null,
        },
        JournalRecord.RecordOneofCase.RoundOpened => this with
        {
            LastRound = new Round(Math.Max(LastRound.Value, Counted(record.RoundOpened.Round, "round"))), Closing = null,
        },
        JournalRecord.RecordOneofCase.RoundAborted => this with { LastEnded = record.RoundAborted.Round, Closing = null },

        // Slow work of a round that was given up in the meantime comes too late.
        JournalRecord.RecordOneofCase.RoundClosing => record.RoundClosing.Round == LastRound.Value && LastEnded < LastRound.Value
            ? this with { Closing = Sound(record.RoundClosing) }
            : this,
        JournalRecord.RecordOneofCase.RoundCommitted => After(record.RoundCommitted) with { CommittedRounds = CommittedRounds + 1 },
        JournalRecord.RecordOneofCase.RunSnapshot => (record.RunSnapshot.LastCommit is { } commit ? After(commit) : this) with
        {
            LastTerm = new Term(Counted(record.RunSnapshot.LastTerm, "last_term")), LastRound = new Round(Counted(record.RunSnapshot.LastRound, "last_round")),
            CommittedRounds = Field.Int(record.RunSnapshot.CommittedRounds, "committed_rounds", int.MaxValue - 1),
        },
        var unknown => throw new InvalidDataException($"{path} holds a record of a kind that this program does not know ({unknown})."),
    };

    private RunProgress After(RoundCommittedRecord commit)
    {
        _ = commit.Totals is { } totals ? Records.FromWire(totals) : null;
        return this with
        {
            ModelHash = Field.Hash(commit.ModelHash, "model_hash"), Clip = ClipOf(commit.NextClip, commit.QuietRounds), Checkpoint = FileName(commit.Checkpoint),
            LastCommit = commit, LastEnded = commit.Round, Closing = null,
        };
    }

    /// <summary>A closing that can be taken up, as far as its record goes; one of an earlier program's cannot, and says less.</summary>
    private static RoundClosing Sound(RoundClosing closing)
    {
        if (closing is { Spec: { } spec, Leaders: { } leaders })
        {
            _ = (RoundSpecs.FromWire(spec), Records.FromWire(leaders), Records.FromWire(closing.Intersection, "intersection"));
            _ = (Field.Attempt(closing.Attempt, "attempt"), Field.Hash(closing.SumHash, "sum_hash"), FileName(closing.SumFile));
        }

        return closing;
    }

    private static ClipState ClipOf(double clip, uint quietRounds) => new(
        Field.Between(clip, "clip", Sharing.Encoding.MinClip, Sharing.Encoding.MaxStatisticsClip), Field.Int(quietRounds, "quiet_rounds", ClipState.QuietRoundsToHalve));

    /// <summary>A number that can be counted on from.</summary>
    private static ulong Counted(ulong number, string field) => Field.Round(number, field).Value;

    /// <summary>A file in the folder of its kind, and nowhere else.</summary>
    private static string FileName(string name) =>
        Path.GetFileName(name) == name ? name : throw new WireFormatException("A file must be named without its folder.");
}
