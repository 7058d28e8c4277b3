namespace DemoFl.Simulation.Tests;

/// <summary>The oracle by rank tells what it must: with every leader corrupt all is lost, with one honest leader nothing is.</summary>
public class ViewTests
{
    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public void Run_EveryLeaderCorrupt_DeterminesUpdates(Layout layout)
    {
        // Half of the nodes are in league with the server, which has their recommendations arrive first.
        long workedOut = Enumerable.Range(0, 10).Sum(seed =>
            (Scenarios.Calm(nodes: 8, leaders: 2, layout, (ulong)seed) with { Evil = new EvilPlan(Tampering.None, [0, 1, 2, 3]) }).Ran()
                .Tally.Of("updates worked out beyond c + R"));

        Assert.True(workedOut > 0, "with every share in one hand, nobody's update was worked out");
    }

    [Theory]
    [InlineData(Layout.Masked)]
    [InlineData(Layout.Rotating)]
    public void Run_AllLeadersButOneCorrupt_DeterminesNothingButTheSum(Layout layout)
    {
        for (ulong seed = 0; seed < 10; seed++)
        {
            var outcome = (Scenarios.Calm(nodes: 8, leaders: 3, layout, seed) with { Evil = new EvilPlan(Tampering.None, [0, 1]) }).Ran();
            Assert.Equal(0, outcome.Tally.Of("updates worked out beyond c + R"));
            Assert.True(outcome.Tally.Of("views with a sum") > 0, "no sum was released, so nothing was shown");
        }
    }
}
