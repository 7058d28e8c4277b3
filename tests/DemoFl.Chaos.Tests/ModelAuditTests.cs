using DemoFl.Chaos.Oracle;
using DemoFl.Chaos.Training;
using DemoFl.Learning;

namespace DemoFl.Chaos.Tests;

public sealed class ModelAuditTests : IDisposable
{
    private const int Dimension = 16;
    private static readonly string[] Parties = ["node-1", "node-2", "node-3", "node-4", "node-5"];

    private readonly string _folder = Directory.CreateTempSubdirectory("demofl-chaos-tests-").FullName;
    private readonly ModelAudit _audit = new(new ExactModel(Dimension));
    private readonly ExactModel _model = new(Dimension);

    public ModelAuditTests() => Directory.CreateDirectory(Path.Combine(_folder, "checkpoints"));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Check_RoundsThatGrow_FindsNothingAndComparesWhatIsKept()
    {
        var first = Commit(1, Parties);
        Save(first);

        Assert.Empty(_audit.Check([first], _folder));
        Assert.Empty(_audit.Check([first, Commit(2, Parties[..4])], _folder));
        Assert.Equal(1, _audit.Compared);
    }

    [Fact]
    public void Check_SumWithoutOneOfItsParties_IsWrong()
    {
        var claimed = Commit(1, Parties[1..]) with { Parties = Parties };

        Assert.Contains("the model is not the sum", Assert.Single(_audit.Check([claimed], _folder)), StringComparison.Ordinal);
    }

    [Fact]
    public void Check_CommittedRoundThatIsGone_IsWrong()
    {
        var (first, second) = (Commit(1, Parties), Commit(2, Parties));
        _audit.Check([first, second], _folder);

        Assert.Equal(["round 2 was committed, and is lost"], _audit.Check([first], _folder));
    }

    [Fact]
    public void Check_CheckpointWithOneBitChanged_IsWrong()
    {
        var commit = Commit(1, Parties);
        Save(commit, values => values[3] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(values[3]) ^ 1));

        Assert.Equal(["round 1: the checkpoint is not the committed model"], _audit.Check([commit], _folder));
    }

    private CommittedRound Commit(ulong round, string[] parties)
    {
        _model.Commit(round, parties, Parties.Length);
        return new CommittedRound(round, parties, Parties.Length, _model.Hash, $"round-{round}.safetensors");
    }

    private void Save(CommittedRound commit, Action<float[]>? change = null)
    {
        float[] values = _model.Values.ToArray();
        change?.Invoke(values);
        Safetensors.Write(Path.Combine(_folder, "checkpoints", commit.Checkpoint), GridUpdates.LayoutOf(Dimension), values);
    }
}
