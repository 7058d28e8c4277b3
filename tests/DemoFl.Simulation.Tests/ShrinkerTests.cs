namespace DemoFl.Simulation.Tests;

public class ShrinkerTests
{
    [Fact]
    public void Shrink_RunThatFailsWhateverHappens_LosesAllThatDoesNotMatter()
    {
        // A run that cannot succeed, held to the standard of one that must.
        var failing = Enumerable.Range(0, 1000).Select(i => Failing((ulong)i)).OfType<SimulatedRun>()
            .First(f => f.Scenario.Swarm.Disturbances.Length > 1 && f.Scenario.Nodes > 6);

        var small = new Shrinker(TimeSpan.FromSeconds(20)).Shrink(failing);

        Assert.Equal(Promise.Of(failing.Violation!), Promise.Of(small.Violation!));
        Assert.Empty(small.Scenario.Swarm.Disturbances);
        Assert.Equal(Faults.None, small.Scenario.Swarm.Faults);
        Assert.True(small.Scenario.Nodes < failing.Scenario.Nodes, $"{small.Scenario}");
        Assert.Equal(1, small.Scenario.Rules.Rounds);
    }

    /// <summary>A run whose rules nobody can keep: the machines are told of k_min 0, which no node accepts.</summary>
    private static SimulatedRun? Failing(ulong seed)
    {
        var scenario = ScenarioDraw.From(seed);
        if (scenario.Evil is not null || !scenario.MustSucceed(0) || scenario.Rules.Layout == Layout.Plain)
        {
            return null;
        }

        var run = Simulations.Run(scenario with { Rules = scenario.Rules with { KMin = 2, MaxConsecutiveAborts = 2 } });
        return run.Violation is null ? null : run;
    }
}
