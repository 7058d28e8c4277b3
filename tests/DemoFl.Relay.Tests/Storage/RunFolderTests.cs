using DemoFl.Protocol;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Sharing;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Storage;

public sealed class RunFolderTests : IDisposable
{
    private static readonly Relay.Job Job = Some.Job();
    private static readonly ModelSnapshot Start = new(Some.Model.Initialise(5));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resume_OfAFreshRun_StartsWhereItStarted()
    {
        RunId run;
        using (var created = RunFolder.Create(_folder.Path, Job, Start, 0.5))
        {
            run = created.Run;
        }

        var (folder, progress) = RunFolder.Resume(_folder.Path, Job, Start);
        using (folder)
        {
            Assert.Equal(new RunProgress(run, default, default, 0, Start.Hash, new ClipState(0.5, 0), null, progress.Model), progress);
            Assert.Equal(Start.Hash, progress.Model!.Hash);
            Assert.Null(folder.NewestCheckpoint);
        }
    }

    [Fact]
    public void Resume_AfterCommits_HasTheLastModelAndTheHighestNumbers()
    {
        var committed = Changed(2);
        using (var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5))
        {
            folder.Append(new JournalRecord { TermOpened = new TermOpened { Term = 7 } });
            folder.Append(new JournalRecord { TermOpened = new TermOpened { Term = 3 } });
            Open(folder, 5);
            Commit(folder, 5, Changed(1));
            Open(folder, 6);
            Commit(folder, 6, committed);
            Open(folder, 9);
            folder.Append(new JournalRecord { RoundAborted = new JournalRecord.Types.RoundAborted { Round = 9, Reason = "why" } });
            Open(folder, 8);
        }

        var (resumed, progress) = RunFolder.Resume(_folder.Path, Job, Start);
        using (resumed)
        {
            Assert.Equal((new Term(7), new Round(9), 2), (progress.LastTerm, progress.LastRound, progress.CommittedRounds));
            Assert.Equal((committed.Hash, new ClipState(0.25, 3)), (progress.ModelHash, progress.Clip));
            Assert.Equal(committed.Parameters, progress.Model!.Parameters);
            Assert.EndsWith("round-000006.safetensors", resumed.NewestCheckpoint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Create_OverARun_IsRefusedAndSaysWhatToDo()
    {
        RunFolder.Create(_folder.Path, Job, Start, 0.5).Dispose();
        var refused = Assert.Throws<IOException>(() => RunFolder.Create(_folder.Path, Job, Start, 0.5));
        Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
        Assert.Contains("--resume", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_WithoutARun_IsRefusedAndSaysWhatToDo()
    {
        var refused = Assert.Throws<IOException>(() => RunFolder.Resume(_folder.Path, Job, Start));
        Assert.Contains("without --resume", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Resume_OfAnotherJob_IsRefusedAndShowsBoth()
    {
        RunFolder.Create(_folder.Path, Job, Start, 0.5).Dispose();
        var refused = Assert.Throws<InvalidDataException>(() => RunFolder.Resume(_folder.Path, Some.Job(text: "another"), Start));
        Assert.Contains("there: job", refused.Message, StringComparison.Ordinal);
        Assert.Contains("here:  another", refused.Message, StringComparison.Ordinal);
        RunFolder.Resume(_folder.Path, Job, Start).Folder.Dispose();
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    public void Resume_OfAnotherSchema_IsRefused(uint version)
    {
        Journal.Create(_folder.File("journal"), new JournalRecord { RunCreated = Created(version) }).Dispose();
        var refused = Assert.Throws<InvalidDataException>(() => RunFolder.Resume(_folder.Path, Job, Start));
        Assert.Contains($"schema version {version}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_OfAJournalThatDoesNotBeginWithARun_IsRefused()
    {
        Journal.Create(_folder.File("journal"), new JournalRecord { TermOpened = new TermOpened { Term = 1 } }).Dispose();
        Assert.Throws<InvalidDataException>(() => RunFolder.Resume(_folder.Path, Job, Start));
    }

    [Fact]
    public void Resume_WithARecordOfAnUnknownKind_IsRefused()
    {
        using (var journal = Journal.Create(_folder.File("journal"), new JournalRecord { RunCreated = Created(Journal.SchemaVersion) }))
        {
            // Field 100 of a later version.
            journal.Append(JournalRecord.Parser.ParseFrom([0xA0, 0x06, 0x01]));
        }

        var refused = Assert.Throws<InvalidDataException>(() => RunFolder.Resume(_folder.Path, Job, Start));
        Assert.Contains("does not know", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resume_WithAnotherCheckpoint_IsRefusedAndTheFolderIsFreeAgain()
    {
        using (var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5))
        {
            Commit(folder, 1, Changed(1));
            Commit(folder, 2, Changed(2));
        }

        string newest = _folder.File("checkpoints/round-000002.safetensors");
        byte[] right = File.ReadAllBytes(newest);
        File.Copy(_folder.File("checkpoints/round-000001.safetensors"), newest, overwrite: true);
        var refused = Assert.Throws<InvalidDataException>(() => RunFolder.Resume(_folder.Path, Job, Start));
        Assert.Contains("round-000002", refused.Message, StringComparison.Ordinal);
        File.WriteAllBytes(newest, right);
        RunFolder.Resume(_folder.Path, Job, Start).Folder.Dispose();
    }

    [Fact]
    public void Resume_FromAnotherStart_IsRefused()
    {
        RunFolder.Create(_folder.Path, Job, Start, 0.5).Dispose();
        Assert.Throws<InvalidDataException>(() => RunFolder.Resume(_folder.Path, Job, Changed(1)));
    }

    [Fact]
    public void Resume_AfterACrashBeforeTheCommitRecord_KnowsOnlyWhatIsCommitted()
    {
        using (var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5))
        {
            Commit(folder, 1, Changed(1));
            Open(folder, 2);
            File.Copy(_folder.File("checkpoints/round-000001.safetensors"), _folder.File("checkpoints/round-000002.safetensors"));
        }

        var (resumed, progress) = RunFolder.Resume(_folder.Path, Job, Start);
        using (resumed)
        {
            Assert.Equal(1, progress.CommittedRounds);
            Assert.EndsWith("round-000001.safetensors", resumed.NewestCheckpoint, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Commit_Again_KeepsTheNewestAndTwoOlderCheckpoints()
    {
        using var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5);
        foreach (ulong round in new ulong[] { 1, 2, 5, 999_999, 1_000_000 })
        {
            Commit(folder, round, Changed((int)round));
        }

        Assert.Equal(
            ["round-000005.safetensors", "round-1000000.safetensors", "round-999999.safetensors"],
            Directory.EnumerateFiles(_folder.File("checkpoints")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.EndsWith("round-1000000.safetensors", folder.NewestCheckpoint, StringComparison.Ordinal);
    }

    [Fact]
    public void SaveClosing_AndForgetClosing_KeepTheSumBetweenThem()
    {
        using var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5);
        var (sum, lanes) = (new RingVector(RingWidth.Bits32, 8), new RingVector(RingWidth.Bits64, Lanes.Count));
        sum.AddAt(0, Some.RandomVectors(1, 1, sum.ByteLength)[0]);
        var (name, hash) = folder.SaveClosing(3, sum, lanes);
        byte[] stored = File.ReadAllBytes(_folder.File($"closing/{name}"));
        Assert.Equal([.. sum.Bytes, .. lanes.Bytes], stored);
        Assert.Equal(Hash256.Of(stored), hash);
        folder.ForgetClosing(3);

        Assert.Empty(Directory.EnumerateFiles(_folder.File("closing")));
    }

    [Fact]
    public void Resume_AfterAKill_RemovesWhatWasSpilled()
    {
        RunFolder.Create(_folder.Path, Job, Start, 0.5).Dispose();
        Directory.CreateDirectory(_folder.File("spill"));
        File.WriteAllText(_folder.File("spill/round-1.bin"), "left behind");
        using var folder = RunFolder.Resume(_folder.Path, Job, Start).Folder;

        Assert.False(Directory.Exists(folder.SpillFolder));
    }

    [Fact]
    public void Abandon_OfARunThatNeverBegan_LeavesRoomForAnother()
    {
        RunFolder.Create(_folder.Path, Job, Start, 0.5).Abandon();
        RunFolder.Create(_folder.Path, Job, Start, 0.5).Dispose();
    }

    private static RunCreated Created(uint schema) => new()
    {
        SchemaVersion = schema, Run = Field.Of(Some.Run), Job = Job.Text, ModelHash = Field.Of(Start.Hash), Clip = 0.5,
    };

    private static ModelSnapshot Changed(int by) => Start.Changed(parameters => parameters[0] += by);

    private static void Open(RunFolder folder, ulong round) =>
        folder.Append(new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = round } });

    private static void Commit(RunFolder folder, ulong round, ModelSnapshot model) => folder.Commit(
        new RoundCommittedRecord { Round = round, ModelHash = Field.Of(model.Hash), NextClip = 0.25, QuietRounds = 3 }, Job, model);
}
