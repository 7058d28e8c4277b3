using System.Globalization;
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
    /// <summary>Checkpoints kept besides the newest.</summary>
    public const int OlderCheckpointsKept = 2;

    private const string JournalName = "journal";
    private const string Checkpoints = "checkpoints";
    private const string Moments = "moments";
    private const string Closing = "closing";

    private readonly string _path;
    private readonly Journal _journal;

    private RunFolder(string path, Journal journal, BestModel best, RunId run)
    {
        (_path, _journal, Best, Run) = (path, journal, best, run);
        Array.ForEach([Checkpoints, Closing], name => Directory.CreateDirectory(Path.Combine(path, name)));

        DurableFile.SyncDirectory(path);
    }

    public RunId Run { get; }

    /// <summary>The best model committed so far.</summary>
    public BestModel Best { get; }

    /// <summary>For vectors that memory does not hold; emptied when the run folder is opened.</summary>
    public string SpillFolder => Path.Combine(_path, "spill");

    /// <summary>Where the server says what it refused.</summary>
    public string AuditPath => Path.Combine(_path, "audit.jsonl");

    /// <summary>Starts a run.</summary>
    /// <exception cref="IOException">The folder already holds one, or cannot be written.</exception>
    public static RunFolder Create(string path, Job job, ModelSnapshot start, double clip)
    {
        Directory.CreateDirectory(path);
        DurableFile.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        string journalPath = Path.Combine(path, JournalName);
        if (File.Exists(journalPath))
        {
            throw new IOException($"The folder {path} already holds a run. Go on with it by --resume, or name another folder.");
        }

        var run = new RunId(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
        var journal = Journal.Create(journalPath, new JournalRecord
        {
            RunCreated = new RunCreated
            {
                SchemaVersion = Journal.SchemaVersion, Run = Field.Of(run), Job = job.Text, ModelHash = Field.Of(start.Hash), Clip = clip,
            },
        });
        var folder = new RunFolder(path, journal, new BestModel(path, run), run);
        folder.Tidy();
        return folder;
    }

    /// <summary>Goes on with a run.</summary>
    /// <exception cref="InvalidDataException">Journal or checkpoint is damaged, or belongs to another job.</exception>
    /// <exception cref="IOException">There is no run in the folder.</exception>
    public static (RunFolder Folder, RunProgress Progress) Resume(string path, Job job, ModelSnapshot start)
    {
        string journalPath = Path.Combine(path, JournalName);
        if (!File.Exists(journalPath))
        {
            throw new IOException($"There is no run to resume in {path}. Start one without --resume.");
        }

        var (journal, records) = Journal.Open(journalPath);
        try
        {
            var progress = RunProgress.Replay(records, journalPath, job);
            var folder = new RunFolder(path, journal, BestModel.Open(path, progress.Run), progress.Run);
            folder.RequireRounds(progress);
            progress = progress with { Model = folder.LoadModel(progress, job, start), Moments = folder.LoadMoments(progress, job) };
            folder.Tidy();
            return (folder, progress);
        }
        catch
        {
            journal.Dispose();
            throw;
        }
    }

    public void Append(JournalRecord record) => _journal.Append(record);

    /// <summary>Makes the model of a committed round and the optimiser's state durable, then the commit itself.</summary>
    public void Commit(RoundCommittedRecord record, Job job, ModelSnapshot model, Moments? moments = null)
    {
        string name = $"round-{record.Round:D6}.safetensors";
        var metadata = new Dictionary<string, string> { ["round"] = $"{record.Round}", ["model"] = job.Rules.Training.Model };
        CheckpointFile.Write(PathOf(Checkpoints, name), job.Parameters, () => model.Parameters, metadata);
        record.Checkpoint = name;
        if (moments is not null)
        {
            if (!Directory.Exists(Path.Combine(_path, Moments)))
            {
                Directory.CreateDirectory(Path.Combine(_path, Moments));
                DurableFile.SyncDirectory(_path);
            }

            CheckpointFile.Write(PathOf(Moments, name), moments.Layout, () => moments.Values, metadata);
            (record.Moments, record.MomentsHash) = (name, Field.Of(moments.Hash));
        }

        Append(new JournalRecord { RoundCommitted = record });
        NewestCheckpoint = PathOf(Checkpoints, name);
        foreach (string old in NewestFirst(Checkpoints).Skip(1 + OlderCheckpointsKept).Concat(NewestFirst(Moments).Skip(1 + OlderCheckpointsKept)))
        {
            File.Delete(old);
        }
    }

    /// <summary>Makes the sum over B durable and returns its file name and hash, for the closing record.</summary>
    public (string Name, Hash256 Hash) SaveClosing(ulong round, RingVector sum, RingVector lanes)
    {
        string name = $"round-{round:D6}.sum";
        DurableFile.Write(PathOf(Closing, name), stream =>
        {
            stream.Write(sum.Bytes);
            stream.Write(lanes.Bytes);
        });
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(sum.Bytes);
        hash.AppendData(lanes.Bytes);
        return (name, new Hash256(hash.GetHashAndReset()));
    }

    public void ForgetClosing(ulong round) => File.Delete(PathOf(Closing, $"round-{round:D6}.sum"));

    /// <summary>The path of the newest committed checkpoint, or null before the first commit.</summary>
    public string? NewestCheckpoint { get; private set; }

    /// <summary>Takes a run back that was created and never began, so that the folder can be used again.</summary>
    public void Abandon() => _journal.Delete();

    public void Dispose() => _journal.Dispose();

    /// <summary>Nothing is taken away before all that the run goes on from was found whole.</summary>
    private void Tidy()
    {
        // Nobody can read what a killed server left there: its key died with it.
        if (Directory.Exists(SpillFolder))
        {
            Directory.Delete(SpillFolder, recursive: true);
        }

        // No round is open yet: what lies here belongs to one that was cut off, or is half a file.
        foreach (string left in Left(Closing, "*").Concat(Left(Checkpoints, "*.tmp")).Concat(Left(Moments, "*.tmp")))
        {
            File.Delete(left);
        }
    }

    private string PathOf(string name) => Path.Combine(_path, name);

    private string PathOf(string folder, string name) => Path.Combine(_path, folder, name);

    private string[] Left(string folder, string pattern) =>
        Directory.Exists(Path.Combine(_path, folder)) ? Directory.GetFiles(Path.Combine(_path, folder), pattern) : [];

    /// <summary>Longer numbers are higher ones.</summary>
    private IEnumerable<string> NewestFirst(string folder) => Left(folder, "round-*.safetensors")
        .OrderByDescending(p => p.Length).ThenByDescending(p => p, StringComparer.Ordinal);

    /// <summary>A round is journaled before it opens, and has a checkpoint long after.</summary>
    private void RequireRounds(RunProgress progress)
    {
        ulong last = Math.Max(progress.LastRound.Value, progress.LastCommit?.Round ?? 0);
        if (NewestFirst(Checkpoints).FirstOrDefault() is { } newest && NumberOf(newest) > last)
        {
            throw new InvalidDataException($"{PathOf(JournalName)} ends with round {last}, and there is {newest}: records are missing.");
        }
    }

    private static ulong NumberOf(string checkpoint) =>
        ulong.TryParse(Path.GetFileNameWithoutExtension(checkpoint).AsSpan("round-".Length), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : 0;

    private ModelSnapshot LoadModel(RunProgress progress, Job job, ModelSnapshot start)
    {
        var model = start;
        if (progress.Checkpoint is { } name)
        {
            model = new ModelSnapshot(Read(PathOf(Checkpoints, name), job.Parameters, "the job's model"));
            NewestCheckpoint = PathOf(Checkpoints, name);
        }

        return model.Hash == progress.ModelHash
            ? model
            : throw new InvalidDataException(NewestCheckpoint is null
                ? $"{PathOf(JournalName)} was begun with another first model than this job's."
                : $"{NewestCheckpoint} is not the model that the journal committed.");
    }

    private Moments? LoadMoments(RunProgress progress, Job job)
    {
        var moments = ServerSteps.Begin(job);
        if (moments is null || progress.LastCommit is not { } commit)
        {
            return moments;
        }

        string path = PathOf(Moments, commit.Moments);
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
