namespace DemoFl.Protocol.Tests.Simulation;

public class SimulationTests
{
    private const int SeedsPerBlock = 100;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Run_AnySeed_KeepsEveryPromiseAndEnds(int block)
    {
        for (int i = 0; i < SeedsPerBlock; i++)
        {
            Run((ulong)((block * SeedsPerBlock) + i));
        }
    }

    [Fact]
    public void Run_SameSeedTwice_HasTheSameTrace()
    {
        for (ulong seed = 0; seed < 24; seed++)
        {
            var first = Run(seed, hashed: true);
            var second = Run(seed, hashed: true);
            Assert.True(first.Trace == second.Trace, $"seed {seed} ran differently the second time");
            Assert.True(first.Trace != Run(seed + 1, hashed: true).Trace, $"seeds {seed} and {seed + 1} ran alike");
        }
    }

    [Fact]
    public void Run_ManySeeds_CoverWhatTheyAreMeantTo()
    {
        var runs = Enumerable.Range(0, SeedsPerBlock).Select(i => (Scenario: ScenarioDraw.From((ulong)i), Outcome: Run((ulong)i))).ToArray();
        foreach (var layout in Enum.GetValues<Layout>())
        {
            Assert.Contains(runs, r => r.Scenario.Rules.Layout == layout && r.Outcome.Succeeded);
        }

        Assert.Contains(runs, r => r.Scenario.Rules.Election == ElectionMode.Appointed && r.Outcome.Succeeded);
        Assert.Contains(runs, r => r.Scenario.Rules.Standardize && r.Outcome.Succeeded && Has<CoordinatorEvent.Aborted>(r.Outcome, _ => true));
        Assert.Contains(runs, r => r.Scenario.LateJoiners > 0 && r.Outcome.Succeeded);
        Assert.Contains(runs, r => r.Outcome.LeftForGood > 0 && r.Outcome.Succeeded);
        foreach (var (trouble, ofLeader) in Enum.GetValues<Trouble>().SelectMany(t => new[] { (t, false), (t, true) }))
        {
            Assert.Contains(runs, r => r.Outcome.Succeeded && r.Outcome.Struck.Any(d => d.Trouble == trouble && d.OfLeader == ofLeader));
        }

        Assert.Contains(runs, r => r.Outcome.Succeeded && Has<CoordinatorEvent.LeaderLost>(r.Outcome, _ => true));
        Assert.Contains(runs, r => r.Outcome.Succeeded && Has<CoordinatorEvent.Aborted>(r.Outcome, e => e.Reason.Contains("leader was lost", StringComparison.Ordinal)));
        Assert.Contains(runs, r => Has<CoordinatorEvent.Refused>(r.Outcome, _ => true));
        Assert.Contains(runs, r => Has<CoordinatorEvent.Committed>(r.Outcome, e => e.Intersection < e.Selected));
        Assert.Contains(runs, r => !r.Outcome.Succeeded && Has<CoordinatorEvent.Aborted>(r.Outcome, e => e.Reason.Contains("k_min", StringComparison.Ordinal)));
    }

    private static bool Has<T>(Outcome outcome, Func<T, bool> condition)
        where T : CoordinatorEvent => outcome.Reports.OfType<T>().Any(condition);

    private static Outcome Run(ulong seed, bool hashed = false)
    {
        var federation = new Federation(ScenarioDraw.From(seed), hashed);
        var scenario = federation.Scenario;
        try
        {
            var outcome = federation.Run();
            Invariants.Require(outcome.Succeeded || !scenario.MustSucceed(outcome.LeftForGood), $"the run failed: {outcome.Reason}");
            Invariants.Require(!outcome.Succeeded || !scenario.MustFail, "the run succeeded without enough parties");
            return outcome;
        }
        catch (Exception e)
        {
            throw new InvariantException($"{scenario}\nat {federation.Events.Now}: {e}\nThe last events:\n{federation.Trace.Tail}");
        }
    }
}
