using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Storage;

/// <summary>
/// Where a run lives: <c>journal</c> with <c>journal.mark</c>, <c>checkpoints/round-N.safetensors</c>, with a server optimiser its state in
/// <c>moments/round-N.safetensors</c>, the best model in <c>best.safetensors</c>, while a round closes <c>closing/round-N.sum</c>, and while one
/// is open <c>spill/round-N.bin</c>; beside them <c>audit.jsonl</c>. Opening it gives the state to go on from.
/// </summary>
internal sealed class RunFolder : IDisposable
{
    private readonly Lock _gate = new();
    private readonly string _path;
    private readonly CheckpointSeries _checkpoints;
    private readonly CheckpointSeries _moments;
    private readonly ClosingSums _closings;
    private readonly Journal _journal;
    private readonly JournalRecord _created;
    private readonly Retention _retention;
    private RunProgress _progress;

    private RunFolder(string path, Journal journal, BestModel best, JournalRecord created, RunProgress progress, Retention? retention)
    {
        (_path, _journal, Best, _created, _progress, _retention) = (path, journal, best, created, progress, retention ?? new Retention());
        (_checkpoints, _moments) = (new CheckpointSeries(PathOf(RunFiles.Checkpoints)), new CheckpointSeries(PathOf(RunFiles.Moments)));
        _closings = new ClosingSums(PathOf(RunFiles.Closing));
        _checkpoints.Prepare();
        _closings.Prepare();
        DurableFile.SyncDirectory(path);
    }

    public RunId Run => _progress.Run;

    /// <summary>The best model committed so far.</summary>
    public BestModel Best { get; }

    /// <summary>For vectors that memory does not hold; emptied when the run folder is opened.</summary>
    public string SpillFolder => Path.Combine(_path, "spill");

    /// <summary>Where the server says what it refused.</summary>
    public string AuditPath => Path.Combine(_path, "audit.jsonl");

    /// <summary>Starts a run.</summary>
    /// <exception cref="IOException">The folder already holds one, or cannot be written.</exception>
    public static RunFolder Create(string path, Job job, ModelSnapshot start, double clip, Retention? retention = null)
    {
        Directory.CreateDirectory(path);
        DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string journalPath = Path.Combine(path, RunFiles.Journal);
        if (File.Exists(journalPath))
        {
            throw new IOException($"The folder {path} already holds a run. Go on with it by --resume, or name another folder.");
        }

        var run = new RunId(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
        var created = new JournalRecord
        {
            RunCreated = new RunCreated
            {
                SchemaVersion = Journal.SchemaVersion, Run = Field.Of(run), Job = job.Text, ModelHash = Field.Of(start.Hash), Clip = clip,
            },
        };
        var folder = new RunFolder(
            path, Journal.Create(journalPath, created), new BestModel(path, run), created, RunProgress.Replay([created], journalPath), retention);
        folder.Tidy();
        return folder;
    }

    /// <summary>Goes on with a run.</summary>
    /// <exception cref="InvalidDataException">Journal or checkpoint is damaged, or belongs to another job.</exception>
    /// <exception cref="IOException">There is no run in the folder.</exception>
    public static (RunFolder Folder, RunProgress Progress) Resume(string path, Job job, ModelSnapshot start, Retention? retention = null)
    {
        string journalPath = Path.Combine(path, RunFiles.Journal);
        if (!File.Exists(journalPath))
        {
            throw new IOException($"There is no run to resume in {path}. Start one without --resume.");
        }

        var (journal, records) = Journal.Open(journalPath);
        try
        {
            var progress = RunProgress.Replay(records, journalPath, job);
            if (records[0].RunCreated is { RestoredFrom.IsEmpty: false } created)
            {
                // Where a crash came between the run's new id and this.
                BestModel.Rename(path, Field.Run(created.RestoredFrom, "restored_from"), progress.Run);
            }

            var folder = new RunFolder(path, journal, BestModel.Open(path, progress.Run), records[0], progress, retention);
            folder.RequireRounds(progress);
            progress = progress with
            {
                Model = folder.LoadModel(progress, job, start), Moments = folder.LoadMoments(progress, job), ClosingSum = folder._closings.Load(progress.Closing),
            };
            folder.Tidy(progress.Closing?.SumFile);
            if (journal.Length > folder._retention.JournalBytes)
            {
                journal.Rewrite(JournalSnapshot.Compacted(records, journalPath));
            }

            return (folder, progress);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public void Append(JournalRecord record)
    {
        lock (_gate)
        {
            _journal.Append(record);
            _progress = _progress.After(record, PathOf(RunFiles.Journal));
        }
    }

    /// <summary>Makes the model of a committed round and the optimiser's state durable, then the commit itself.</summary>
    public void Commit(RoundCommittedRecord record, Job job, ModelSnapshot model, Moments? moments = null)
    {
        string name = CheckpointSeries.NameOf(record.Round);
        var metadata = new Dictionary<string, string> { ["round"] = $"{record.Round}", ["model"] = job.Rules.Training.Model };
        CheckpointFile.Write(_checkpoints.PathOf(name), job.Parameters, () => model.Parameters, metadata);
        record.Checkpoint = name;
        if (moments is not null)
        {
            _moments.Prepare();
            CheckpointFile.Write(_moments.PathOf(name), moments.Layout, () => moments.Values, metadata);
            (record.Moments, record.MomentsHash) = (name, Field.Of(moments.Hash));
        }

        Append(new JournalRecord { RoundCommitted = record });
        NewestCheckpoint = _checkpoints.PathOf(name);
        KeepNoMore();
    }

    /// <inheritdoc cref="ClosingSums.Save"/>
    public (string Name, Hash256 Hash) SaveClosing(ulong round, RingVector sum, RingVector lanes) => _closings.Save(round, sum, lanes);

    public void ForgetClosing(ulong round) => _closings.Forget(round);

    /// <summary>The path of the newest committed checkpoint, or null before the first commit.</summary>
    public string? NewestCheckpoint { get; private set; }

    /// <summary>Takes a run back that was created and never began, so that the folder can be used again.</summary>
    public void Abandon() => _journal.Delete();

    public void Dispose() => _journal.Dispose();

    /// <summary>Between two rounds, when all that counts of the journal is what it comes to.</summary>
    private void KeepNoMore()
    {
        lock (_gate)
        {
            if (_journal.Length > _retention.JournalBytes)
            {
                _journal.Rewrite([_created, JournalSnapshot.Of(_progress)]);
            }
        }

        int kept = 1 + (_retention.OlderCheckpoints ?? int.MaxValue - 1);
        _checkpoints.Keep(kept);
        _moments.Keep(kept);
    }

    /// <summary>Nothing is taken away before all that the run goes on from was found whole.</summary>
    private void Tidy(string? unfinished = null)
    {
        // Nobody can read what a killed server left there: its key died with it.
        if (Directory.Exists(SpillFolder))
        {
            Directory.Delete(SpillFolder, recursive: true);
        }

        _closings.Tidy(unfinished);
        File.Delete(PathOf(RunFiles.Journal + ".tmp"));
        File.Delete(PathOf(RunFiles.Best + ".tmp"));
        _checkpoints.Tidy();
        _moments.Tidy();
    }

    private string PathOf(string name) => Path.Combine(_path, name);

    /// <summary>A round is journaled before it opens, and has a checkpoint long after.</summary>
    private void RequireRounds(RunProgress progress)
    {
        ulong last = Math.Max(progress.LastRound.Value, progress.LastCommit?.Round ?? 0);
        if (_checkpoints.Newest is var (newest, round) && round > last)
        {
            throw new InvalidDataException($"{PathOf(RunFiles.Journal)} ends with round {last}, and there is {newest}: records are missing.");
        }
    }

    private ModelSnapshot LoadModel(RunProgress progress, Job job, ModelSnapshot start)
    {
        var model = start;
        if (progress.Checkpoint is { } name)
        {
            model = new ModelSnapshot(Read(_checkpoints.PathOf(name), job.Parameters, "the job's model"));
            NewestCheckpoint = _checkpoints.PathOf(name);
        }

        return model.Hash == progress.ModelHash
            ? model
            : throw new InvalidDataException(NewestCheckpoint is null
                ? $"{PathOf(RunFiles.Journal)} was begun with another first model than this job's."
                : $"{NewestCheckpoint} is not the model that the journal committed.");
    }

    private Moments? LoadMoments(RunProgress progress, Job job)
    {
        var moments = ServerSteps.Begin(job);
        if (moments is null || progress.LastCommit is not { } commit)
        {
            return moments;
        }

        string path = _moments.PathOf(commit.Moments);
        moments = new Moments(moments.Layout, Read(path, moments.Layout, "the job's server optimiser"));
        return moments.Hash == Field.Hash(commit.MomentsHash, "moments_hash")
            ? moments
            : throw new InvalidDataException($"{path} is not the server optimiser's state that the journal committed.");
    }

    private static float[] Read(string path, ParameterLayout expected, string whose)
    {
        var (layout, values, _) = CheckpointFile.Read(path);
        return layout.SameAs(expected, out string difference)
            ? values
            : throw new InvalidDataException($"{path} does not fit {whose}: {difference}.");
    }
}
