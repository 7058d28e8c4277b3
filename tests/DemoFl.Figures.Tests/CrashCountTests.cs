using DemoFl.Figures.Messages;
using DemoFl.Protocol;

namespace DemoFl.Figures.Tests;

public class CrashCountTests
{
    private const int Nodes = 12;

    [Fact]
    public void Run_NobodyCrashes_CountsWhatARunWithoutFaultsDoes()
    {
        var calm = CrashCount.Run(rate: 0, Nodes, leaders: 3, seed: 1);
        var expected = MessageCount.Run(Layout.Masked, Nodes, 3, CrashCount.Rounds, 1);
        Assert.Equal(expected.SetUp + expected.InRounds - expected.Of(MessageKind.Heartbeat), calm.Messages);
        Assert.Equal((0, 0, 0), (calm.Crashes, calm.Aborted, calm.Reorganised));
    }

    [Fact]
    public void Run_NodesCrash_CommitsAllTheSameAndSaysMore()
    {
        var calm = CrashCount.Run(rate: 0, Nodes, leaders: 3, seed: 1);
        var stormy = CrashCount.Run(rate: 0.1, Nodes, leaders: 3, seed: 1);
        Assert.InRange(stormy.Crashes, 10, 50);
        Assert.True(stormy.Reorganised > 0);
        Assert.Equal(CrashCount.Rounds, stormy.Committed);
        Assert.True(stormy.PerRound > calm.PerRound);
    }
}
