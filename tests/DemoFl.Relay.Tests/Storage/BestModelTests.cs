using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Tests.Fixtures;

namespace DemoFl.Relay.Tests.Storage;

public sealed class BestModelTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Consider_BetterAndWorse_KeepsTheBestByAccuracyThenLoss()
    {
        var best = new BestModel(_folder.Path, Some.Run);
        Assert.Null(best.Path);
        foreach (var (round, accuracy, loss, kept) in new (ulong, double, double, ulong)[]
            { (1, 0.5, 1, 1), (2, 0.4, 0.1, 1), (3, 0.5, 0.9, 3), (4, 0.5, 0.9, 3), (5, double.NaN, 0.1, 3), (6, 0.6, 2, 6), (7, 0.6, double.NaN, 6) })
        {
            Consider(best, round, accuracy, loss);
            Assert.Equal(new Round(kept), best.Round);
            Assert.Equal(kept, Safetensors.Read(best.Path!).Values[0]);
        }
    }

    [Fact]
    public void Consider_WithoutAccuracies_GoesByLossAndWithoutEitherKeepsNothing()
    {
        var best = new BestModel(_folder.Path, Some.Run);
        Consider(best, 1, double.NaN, double.NaN);
        Assert.Null(best.Path);
        Consider(best, 2, double.NaN, 1);
        Consider(best, 3, double.NaN, 2);
        Assert.Equal(new Round(2), best.Round);
        Consider(best, 4, 0, 3);
        Assert.Equal(new Round(4), best.Round);
    }

    [Fact]
    public void Open_OfTheSameRun_GoesOnWithWhatWasKept()
    {
        Consider(new BestModel(_folder.Path, Some.Run), 3, 0.1 + 0.2, 1.0 / 3);
        var best = BestModel.Open(_folder.Path, Some.Run);
        Consider(best, 4, 0.1 + 0.2, 1.0 / 3);
        Assert.Equal(new Round(3), best.Round);
        Consider(best, 5, 0.1 + 0.2, Math.BitDecrement(1.0 / 3));
        Assert.Equal(new Round(5), best.Round);
    }

    [Fact]
    public void Open_OfAnotherRun_StartsAnew()
    {
        Consider(new BestModel(_folder.Path, Some.Run), 3, 0.9, 0.1);
        var best = BestModel.Open(_folder.Path, new RunId(99));
        Assert.Null(best.Path);
        Consider(best, 1, 0.1, 2);
        Assert.Equal(1, Safetensors.Read(best.Path!).Values[0]);
    }

    [Fact]
    public void Open_OfADamagedFile_SaysWhatToDo()
    {
        Consider(new BestModel(_folder.Path, Some.Run), 3, 0.9, 0.1);
        byte[] whole = File.ReadAllBytes(_folder.File("best.safetensors"));
        File.WriteAllBytes(_folder.File("best.safetensors"), whole[..^1]);
        Refused();
        Safetensors.Write(_folder.File("best.safetensors"), Some.Model.Layout, new float[8], new Dictionary<string, string> { ["run"] = $"{Some.Run}" });
        Refused();
    }

    private void Refused()
    {
        var refused = Assert.Throws<InvalidDataException>(() => BestModel.Open(_folder.Path, Some.Run));
        Assert.Contains("best.safetensors", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Move it away", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>The model's first value is the round that made it.</summary>
    private static void Consider(BestModel best, ulong round, double accuracy, double loss) =>
        best.Consider(new Round(round), Some.Job(), new ModelSnapshot([round, 0, 0, 0, 0, 0, 0, 0]), new Judgement(loss, accuracy));
}
