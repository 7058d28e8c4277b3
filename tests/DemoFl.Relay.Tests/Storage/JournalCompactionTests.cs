using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Relay.Tests.Storage;

public sealed class JournalCompactionTests : IDisposable
{
    private static readonly Retention Small = new() { JournalBytes = 100 };
    private static readonly ModelSnapshot Start = new(Some.Model.Initialise(5));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string JournalPath => _folder.File(StoredRun.Journal);

    private string TemporaryPath => JournalPath + ".tmp";

    [Theory]
    [InlineData("plain")]
    [InlineData("masked")]
    [InlineData("adam")]
    public void Resume_OfALongJournal_MakesItShortAndGoesOnFromTheSameState(string kind)
    {
        var run = StoredRun.Make(_folder.Path, kind);
        string expected = run.State();
        run.Put("", []);
        Assert.Equal(expected, run.State(Small));

        var records = Journal.Peek(JournalPath).Records;
        Assert.Equal(1u, records[0].RunCreated.Generation);
        Assert.Equal(4ul, records[1].RunSnapshot.LastRound);
        Assert.DoesNotContain(records, r => r.RecordCase == JournalRecord.RecordOneofCase.RoundCommitted);
        Assert.Equal(kind != "plain", records.Any(r => r.RoundClosing?.Round == 5));
        Assert.True(new FileInfo(JournalPath).Length < run.Files[StoredRun.Journal].Length);
        Assert.Equal(expected, run.State());
        Assert.Equal(expected, run.State(Small));
    }

    /// <summary>What each step leaves on the disk when the process dies in it or behind it.</summary>
    [Fact]
    public void Resume_AfterACrashAtAnyStepOfACompaction_FindsOneValidJournal()
    {
        var run = StoredRun.Make(_folder.Path, "masked");
        string expected = run.State();
        run.Put("", []);
        run.State(Small);
        byte[] compacted = File.ReadAllBytes(JournalPath);

        // While the new one is written beside the old one, and before it is renamed.
        for (int length = 0; length <= compacted.Length; length++)
        {
            run.Put("", []);
            File.WriteAllBytes(TemporaryPath, compacted[..length]);
            Assert.Equal(expected, run.State());
            Assert.False(File.Exists(TemporaryPath));
        }

        // Renamed, and the mark is the old one's.
        run.Put(StoredRun.Journal, compacted);
        Assert.Equal(expected, run.State());

        // Complete.
        Assert.Equal(expected, run.State());

        // The old one put back by hand: it lacks what came after the compaction.
        run.Files.Remove(StoredRun.Mark, out byte[]? _);
        byte[] mark = File.ReadAllBytes(_folder.File(StoredRun.Mark));
        run.Put("", []);
        File.WriteAllBytes(_folder.File(StoredRun.Mark), mark);
        Assert.Contains("older one", Assert.Throws<InvalidDataException>(() => run.State()).Message, StringComparison.Ordinal);
    }

    /// <summary>The commit itself was durable before; nothing may follow what failed.</summary>
    [Fact]
    public void Commit_WhereTheNewJournalCannotBeWritten_StopsAndLeavesTheOldOne()
    {
        var job = Some.Job();
        using (var folder = RunFolder.Create(_folder.Path, job, Start, 0.5, Small))
        {
            Directory.CreateDirectory(TemporaryPath);
            var record = new RoundCommittedRecord { Round = 1, ModelHash = Field.Of(Start.Hash), NextClip = 0.25 };
            Assert.ThrowsAny<Exception>(() => folder.Commit(record, job, Start));
            Assert.Throws<IOException>(() => folder.Append(new JournalRecord { TermOpened = new TermOpened { Term = 9 } }));
        }

        Directory.Delete(TemporaryPath);
        var (resumed, progress) = RunFolder.Resume(_folder.Path, job, Start);
        resumed.Dispose();
        Assert.Equal((1, 0u), (progress.CommittedRounds, Journal.Peek(JournalPath).Records[0].RunCreated.Generation));
    }

    [Fact]
    public void Commit_BeyondTheLimit_CompactsWhileTheRunGoesOn()
    {
        var (job, model) = (Some.Job(), Start);
        using (var folder = RunFolder.Create(_folder.Path, job, Start, 0.5, new Retention { JournalBytes = 2000 }))
        {
            folder.Append(new JournalRecord { TermOpened = new TermOpened { Term = 9 } });
            for (ulong round = 1; round <= 100; round++)
            {
                folder.Append(new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = round } });
                model = model.Changed(parameters => parameters[0] += 1);
                folder.Commit(new RoundCommittedRecord { Round = round, ModelHash = Field.Of(model.Hash), NextClip = 0.25 }, job, model);
                Assert.InRange(new FileInfo(JournalPath).Length, 1, 2200);
            }
        }

        var (resumed, progress) = RunFolder.Resume(_folder.Path, job, Start);
        resumed.Dispose();
        Assert.Equal((9ul, 100ul, 100, model.Hash), (progress.LastTerm.Value, progress.LastRound.Value, progress.CommittedRounds, progress.Model!.Hash));
        Assert.InRange(Journal.Peek(JournalPath).Records[0].RunCreated.Generation, 2u, 50u);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 4)]
    [InlineData(null, 9)]
    public void Commit_WithANumberOfCheckpointsToKeep_KeepsThat(int? older, int kept)
    {
        var job = Some.Job();
        using var folder = RunFolder.Create(_folder.Path, job, Start, 0.5, new Retention { OlderCheckpoints = older });
        for (ulong round = 1; round <= 9; round++)
        {
            folder.Commit(new RoundCommittedRecord { Round = round, ModelHash = Field.Of(Start.Hash), NextClip = 0.25 }, job, Start);
        }

        Assert.Equal(
            Enumerable.Range(10 - kept, kept).Select(n => $"round-{n:D6}.safetensors"),
            Directory.EnumerateFiles(_folder.File("checkpoints")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    /// <summary>Against the journal as it was, whatever the order of its records.</summary>
    [Fact]
    public void Compacted_AnyJournal_ReplaysTheSame()
    {
        for (int seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            List<JournalRecord> records = [new JournalRecord { RunCreated = new RunCreated
            {
                SchemaVersion = Journal.SchemaVersion, Run = Field.Of(Some.Run), Job = "job", ModelHash = Field.Of(Start.Hash), Clip = 0.5,
            } }];
            int count = random.Next(30);
            for (int i = 0; i < count; i++)
            {
                records.Add(Any(random));
                if (random.Next(8) == 0)
                {
                    records = [.. JournalSnapshot.Compacted(records, "journal")];
                }
            }

            var before = RunProgress.Replay(records, "journal");
            var compacted = JournalSnapshot.Compacted(records, "journal");
            Assert.True(before == RunProgress.Replay(compacted, "journal"), $"seed {seed}");
            Assert.True(compacted.Count <= records.Count);
            Assert.True(before.LastCommit is null || !compacted.Any(r => r.RoundCommitted is not null));
        }
    }

    private static JournalRecord Any(Random random)
    {
        ulong number = (ulong)random.Next(1, 100);
        return random.Next(4) switch
        {
            0 => new JournalRecord { TermOpened = new TermOpened { Term = number } },
            1 => new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = number } },
            2 => new JournalRecord { RoundAborted = new JournalRecord.Types.RoundAborted { Round = number, Reason = "why" } },
            _ => new JournalRecord { RoundCommitted = new RoundCommittedRecord
            {
                Round = number, ModelHash = ByteString.CopyFrom(Some.RandomVectors((int)number, 1, 32)[0]), NextClip = number,
                QuietRounds = (uint)number % 3, Checkpoint = $"{number}",
            } },
        };
    }
}
