using DemoFl.Figures.RoundTime;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Figures.Tests;

public class RoundTimeTests
{
    private const int Parties = 4;
    private const int PhasesOfARound = 7;
    private const int TrainPhase = 2;
    private const int UploadPhase = 4;

    /// <summary>A real server and real nodes: every party passes through every phase of every round but the first, which does not count.</summary>
    [Theory]
    [InlineData(Layout.Plain, 0)]
    [InlineData(Layout.Masked, 3)]
    public async Task RunAsync_SmallModel_SeesEveryPhaseOfEveryParty(Layout layout, int leaders)
    {
        var train = Datasets.Load("generated").Train;
        Dataset[] parts = [.. Partitioner.Split(train, "iid", 50, 1).Take(Parties).Select(p => train.Subset(p))];
        var federation = new TimedFederation(parts, Models.Parse("softmax", train.Input, train.Classes));

        var phases = await federation.RunAsync(layout, leaders, rounds: 3, CancellationToken.None);

        Assert.Equal(Parties * 2, phases.Count);
        Assert.All(phases, p => Assert.Equal(PhasesOfARound, p.Length));
        Assert.All(phases, p => Assert.All(p, seconds => Assert.InRange(seconds, 0, 60)));
        Assert.All(phases, p => Assert.True(p[TrainPhase] > 0 && p[UploadPhase] > 0));
    }

    [Fact]
    public void DataSet_ThatIsNotThere_SaysHowToNameItsFolder()
    {
        using var folder = new TemporaryFolder();

        Assert.Contains("DEMOFL_DATA", Assert.Throws<FigureException>(() => folder.Workshop.DataSet("mnist")).Message, StringComparison.Ordinal);
    }
}
