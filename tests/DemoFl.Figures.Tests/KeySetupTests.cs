using DemoFl.Figures.KeySetup;

namespace DemoFl.Figures.Tests;

public class KeySetupTests
{
    /// <summary>Every answer is judged, every first message opened: a run that returns has agreed all its keys.</summary>
    [Fact]
    public void Measure_Twice_AgreesAllKeysAndTheTotalIsTheSumOfItsParts()
    {
        using var run = new KeySetupRun(nodes: 6, leaders: 2);

        foreach (var cost in new[] { run.Measure(), run.Measure() })
        {
            Assert.True(cost.NodeMs > 0 && cost.LeaderMs > 0);
            Assert.Equal((6 * cost.NodeMs) + (2 * cost.LeaderMs), cost.TotalMs, 6);
        }
    }

    [Fact]
    public void Answer_OfferThatTheRosterDoesNotKnow_IsRefused()
    {
        using var known = new SetupNode("known");
        using var stranger = new SetupNode("stranger");
        var trust = new Identity.RosterTrust(Identity.Roster.Parse($"{known.Entry}\n"));

        Assert.Throws<InvalidOperationException>(() => known.Answer(stranger.Offer(new Protocol.Slot(0)), trust));
    }
}
