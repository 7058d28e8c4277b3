using DemoFl.Learning;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Relay.Tests.Storage;

/// <summary>What a run folder that lacks something, or has something of another program, says.</summary>
public sealed class RunFolderRefusalTests : IDisposable
{
    private static readonly Relay.Job Job = Some.Job();
    private static readonly ModelSnapshot Start = new(Some.Model.Initialise(5));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Resume_CheckpointOfALaterProgram_IsRefusedByItsSchema()
    {
        using (var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5))
        {
            Commit(folder, 1, Changed(1));
        }

        string newest = _folder.File("checkpoints/round-000001.safetensors");
        Safetensors.Write(newest, Job.Parameters, Changed(1).Parameters, new Dictionary<string, string> { ["schema"] = "2" });
        Assert.Equal($"{newest} has schema version 2; this program reads 1, another release may read it.", Refusal());
        File.Delete(newest);
        Assert.Equal($"{newest} is missing.", Refusal());
    }

    /// <summary>The mark may lag behind after a power failure; a checkpoint shows that rounds are missing all the same.</summary>
    [Fact]
    public void Resume_JournalThatDoesNotKnowTheNewestCheckpoint_IsRefused()
    {
        string journal = _folder.File("journal");
        byte[] earlier;
        using (var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5))
        {
            Open(folder, 1);
            Commit(folder, 1, Changed(1));
            Open(folder, 2);
            Commit(folder, 2, Changed(2));
            earlier = JournalFrames.Of(new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = 2 } });
        }

        byte[] whole = File.ReadAllBytes(journal);
        File.Delete(JournalMark.PathOf(journal));
        File.WriteAllBytes(journal, whole[..whole.AsSpan().IndexOf(earlier)]);
        Assert.Equal($"{journal} ends with round 1, and there is {_folder.File("checkpoints/round-000002.safetensors")}: records are missing.", Refusal());
    }

    /// <summary>What a refusal leaves must be as it was: the run may go on once the file is back.</summary>
    [Fact]
    public void Resume_Refused_TakesNothingAway()
    {
        using (var folder = RunFolder.Create(_folder.Path, Job, Start, 0.5))
        {
            Commit(folder, 1, Changed(1));
            Directory.CreateDirectory(folder.SpillFolder);
        }

        string[] left = [_folder.File("spill/round-2.bin"), _folder.File("closing/round-000002.sum"), _folder.File("checkpoints/round-000002.safetensors.tmp")];
        Array.ForEach(left, f => File.WriteAllText(f, "left"));
        File.WriteAllText(_folder.File("checkpoints/round-000001.safetensors"), "damaged");
        Refusal();
        Assert.All(left, f => Assert.True(File.Exists(f), f));
    }

    private string Refusal() => Assert.Throws<InvalidDataException>(() => RunFolder.Resume(_folder.Path, Job, Start)).Message;

    private static ModelSnapshot Changed(int by) => Start.Changed(parameters => parameters[0] += by);

    private static void Open(RunFolder folder, ulong round) =>
        folder.Append(new JournalRecord { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = round } });

    private static void Commit(RunFolder folder, ulong round, ModelSnapshot model) => folder.Commit(
        new RoundCommittedRecord { Round = round, ModelHash = Field.Of(model.Hash), NextClip = 0.25, QuietRounds = 3 }, Job, model);
}
