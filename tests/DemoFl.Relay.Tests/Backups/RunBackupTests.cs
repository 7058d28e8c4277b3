using System.Formats.Tar;
using DemoFl.Relay.Backups;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.Relay.Tests.Storage;
using DemoFl.Wire;
using Xunit.Abstractions;

namespace DemoFl.Relay.Tests.Backups;

public sealed class RunBackupTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>In memory where there is such a place, as in <see cref="DamagedDiskTests"/>.</summary>
    private readonly TemporaryFolder _folder = new(Directory.Exists("/dev/shm") ? "/dev/shm" : null);

    public void Dispose() => _folder.Dispose();

    private string RunFolderPath => _folder.File("run");

    private string BackupPath => _folder.File("backup.tar");

    private string RestoredPath => _folder.File("restored");

    [Theory]
    [InlineData("plain")]
    [InlineData("masked")]
    [InlineData("adam")]
    public void Restore_OfABackup_GoesOnFromTheSameStateUnderANewId(string kind)
    {
        var run = StoredRun.Make(RunFolderPath, kind);
        File.WriteAllText(_folder.File("run/begun-with.yaml"), "model: 'softmax'\n");
        File.WriteAllText(_folder.File("run/server.key"), "secret");
        File.WriteAllText(_folder.File("run/audit.jsonl"), "{}");
        var facts = RunBackup.Create(RunFolderPath, BackupPath);
        Assert.Equal((2ul, 5ul, 3), (facts.Term.Value, facts.Round.Value, facts.CommittedRounds));
        Assert.Equal(
            (string[])["begun-with.yaml", StoredRun.Best, StoredRun.Newest, StoredRun.Journal, .. kind == "adam" ? [StoredRun.Moments] : Array.Empty<string>()],
            facts.Files.Select(f => f.Name).Order(StringComparer.Ordinal));
        var verified = RunBackup.Verify(BackupPath);
        Assert.Equal((facts.Run, facts.Model), (verified.Run, verified.Model));

        var (from, id) = RunBackup.Restore(BackupPath, RestoredPath);
        Assert.NotEqual(facts.Run, id);
        Assert.Equal(facts.Run, from.Run);
        Assert.Equal("model: 'softmax'\n", File.ReadAllText(_folder.File("restored/begun-with.yaml")));
        var created = Journal.Peek(_folder.File("restored/journal")).Records[0].RunCreated;
        Assert.Equal((Field.Of(id), Field.Of(facts.Run), 0u), (created.Run, created.RestoredFrom, created.Generation));

        // An open round is not taken along: its leaders know it by the old run's id.
        File.Delete(_folder.File($"run/{StoredRun.ClosingSum}"));
        string expected = run.State().Replace($"{facts.Run}", $"{id}", StringComparison.Ordinal).Replace(RunFolderPath, RestoredPath, StringComparison.Ordinal);
        Assert.Equal(expected, run.State(folder: RestoredPath));
    }

    /// <summary>The journal has the new id first; what is still under the old one follows it, also after a crash between the two.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Renew_OfARun_GoesOnFromTheSameStateUnderAnotherId(bool crashes)
    {
        var run = StoredRun.Make(RunFolderPath, "adam");
        File.Delete(_folder.File($"run/{StoredRun.ClosingSum}"));
        string before = run.State();
        string id = $"{RunBackup.Renew(RunFolderPath)}";
        if (crashes)
        {
            File.WriteAllBytes(_folder.File($"run/{StoredRun.Best}"), run.Files[StoredRun.Best]);
        }

        string after = run.State();
        Assert.Equal(before.Replace(before[4..36], id, StringComparison.Ordinal), after);
        Assert.Equal(id, CheckpointFile.Read(_folder.File($"run/{StoredRun.Best}")).Metadata["run"]);
        Assert.Equal(after, run.State());
    }

    /// <summary>A server has the run, in the middle of a round: what is committed is in the backup, and nothing waits for anything.</summary>
    [Fact]
    public async Task Create_WhileTheRunIsHeldAndGoesOn_HasACommittedState()
    {
        var (job, model) = (Some.Job(), new ModelSnapshot(Some.Model.Initialise(5)));
        using var folder = RunFolder.Create(RunFolderPath, job, model, 0.5, new Retention { OlderCheckpoints = 0, JournalBytes = 1500 });
        using var stop = new CancellationTokenSource();
        var committed = new List<Protocol.Hash256> { model.Hash };
        var server = Task.Run(() =>
        {
            for (ulong round = 1; !stop.IsCancellationRequested; round++)
            {
                model = model.Changed(parameters => parameters[0] += 1);
                lock (committed)
                {
                    committed.Add(model.Hash);
                }

                folder.Append(new V1.JournalRecord { RoundOpened = new V1.JournalRecord.Types.RoundOpenedRecord { Round = round } });
                folder.Commit(new V1.RoundCommittedRecord { Round = round, ModelHash = Field.Of(model.Hash), NextClip = 0.25 }, job, model);
                folder.Best.Consider(new Protocol.Round(round), job, model, new Protocol.Judgement(1.0 / round, 0.5));
            }
        });
        int last = 0;
        while (last < 200 && !server.IsCompleted)
        {
            File.Delete(BackupPath);
            var facts = RunBackup.Create(RunFolderPath, BackupPath);
            lock (committed)
            {
                Assert.Equal(committed[facts.CommittedRounds], facts.Model);
            }

            Assert.True(facts.CommittedRounds >= last);
            last = RunBackup.Verify(BackupPath).CommittedRounds;
        }

        await stop.CancelAsync();
        await server;
        Assert.InRange(last, 200, int.MaxValue);
    }

    [Fact]
    public void Create_OfARunWithoutACommit_RestoresItsBeginning()
    {
        var (job, start) = (Some.Job(), new ModelSnapshot(Some.Model.Initialise(5)));
        using (var folder = RunFolder.Create(RunFolderPath, job, start, 0.5))
        {
            folder.Append(new V1.JournalRecord { TermOpened = new V1.TermOpened { Term = 4 } });
        }

        RunBackup.Create(RunFolderPath, BackupPath);
        RunBackup.Restore(BackupPath, RestoredPath);
        var (resumed, progress) = RunFolder.Resume(RestoredPath, job, start);
        resumed.Dispose();
        Assert.Equal((4ul, 0, start.Hash), (progress.LastTerm.Value, progress.CommittedRounds, progress.Model!.Hash));
    }

    [Theory]
    [InlineData(StoredRun.Journal)]
    [InlineData(StoredRun.Newest)]
    [InlineData(StoredRun.Moments)]
    [InlineData(StoredRun.Best)]
    public void Create_OfADamagedRun_IsRefusedAndWritesNothing(string damaged)
    {
        var run = StoredRun.Make(RunFolderPath, "adam");
        byte[] content = run.Files[damaged];
        foreach (byte[] wrong in new[] { content[..^1], [.. content[..^5], (byte)(content[^5] ^ 1), .. content[^4..]] })
        {
            run.Put(damaged, wrong);
            var refused = Assert.Throws<InvalidDataException>(() => RunBackup.Create(RunFolderPath, BackupPath));
            Assert.Contains(_folder.File($"run/{damaged}"), refused.Message, StringComparison.Ordinal);
        }

        run.Put("", []);
        if (damaged is StoredRun.Newest or StoredRun.Moments)
        {
            File.Delete(_folder.File($"run/{damaged}"));
            var refused = Assert.Throws<InvalidDataException>(() => RunBackup.Create(RunFolderPath, BackupPath));
            Assert.Contains("is missing", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal([RunFolderPath], Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Create_OverAFileOrOfNoRun_IsRefused()
    {
        StoredRun.Make(RunFolderPath, "plain");
        File.WriteAllText(BackupPath, "mine");
        Assert.Contains(BackupPath, Assert.Throws<IOException>(() => RunBackup.Create(RunFolderPath, BackupPath)).Message, StringComparison.Ordinal);
        Assert.Equal("mine", File.ReadAllText(BackupPath));
        var refused = Assert.Throws<IOException>(() => RunBackup.Create(_folder.Path, _folder.File("new")));
        Assert.Contains("There is no run in", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Restore_IntoAFolderThatIsInUse_IsRefusedAndLeavesIt()
    {
        StoredRun.Make(RunFolderPath, "plain");
        RunBackup.Create(RunFolderPath, BackupPath);
        Directory.CreateDirectory(RestoredPath);
        File.WriteAllText(_folder.File("restored/mine"), "mine");
        Assert.Throws<IOException>(() => RunBackup.Restore(BackupPath, RestoredPath));
        Assert.Throws<IOException>(() => RunBackup.Restore(BackupPath, BackupPath));
        Assert.Equal([_folder.File("restored/mine")], Directory.EnumerateFileSystemEntries(RestoredPath));
        File.Delete(_folder.File("restored/mine"));
        RunBackup.Restore(BackupPath, RestoredPath);
    }

    /// <summary>Whatever byte of a backup is damaged, and wherever it ends: it is refused by its name, or what it would restore is what it held.</summary>
    [Fact]
    public void Verify_AnyByteFlippedOrAnyLength_NamesTheEntryOrFindsTheSame()
    {
        StoredRun.Make(RunFolderPath, "adam");
        RunBackup.Create(RunFolderPath, BackupPath);
        byte[] whole = File.ReadAllBytes(BackupPath);
        string expected = Content();
        var (same, refused) = (0, 0);
        var flips = from at in Enumerable.Range(0, whole.Length)
            from mask in new byte[] { 1, 0xFF }
            select (byte[])[.. whole[..at], (byte)(whole[at] ^ mask), .. whole[(at + 1)..]];
        foreach (byte[] damaged in flips.Concat(Enumerable.Range(0, whole.Length).Select(length => whole[..length])))
        {
            File.WriteAllBytes(BackupPath, damaged);
            try
            {
                RunBackup.Verify(BackupPath);
                Assert.Equal(expected, Content());
                same++;
            }
            catch (InvalidDataException e)
            {
                Assert.Contains(BackupPath, e.Message, StringComparison.Ordinal);
                Assert.True(e.Message.Contains("its entry", StringComparison.Ordinal) || e.Message.Contains("not a backup", StringComparison.Ordinal), e.Message);
                refused++;
            }
        }

        output.WriteLine($"backup of {whole.Length} bytes: 2 flips of each, cut to each length: {same} found the same content, {refused} were refused");
        Assert.True(refused > 2 * 3000);
    }

    /// <summary>As other programs read it.</summary>
    [Fact]
    public void Create_ABackup_IsATarFileWithItsSumsFirst()
    {
        StoredRun.Make(RunFolderPath, "plain");
        RunBackup.Create(RunFolderPath, BackupPath);
        Directory.CreateDirectory(_folder.File("out"));
        TarFile.ExtractToDirectory(BackupPath, _folder.File("out"), overwriteFiles: false);
        string[] sums = File.ReadAllLines(_folder.File("out/SHA256SUMS"));
        Assert.Equal(3, sums.Length);
        Assert.All(sums, line => Assert.Equal(
            line[..64], Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(_folder.File("out/" + line[66..]))))));
    }

    private string Content() => string.Join('\n', BackupFile.Read(BackupPath).Select(e => $"{e.Name} {Convert.ToHexString(e.Content)}"));
}
