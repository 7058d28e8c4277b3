namespace DemoFl.Simulation.Tests;

/// <summary>A leader is lost at every step of a round: the round goes on, or the next one does, and nobody trains twice in one.</summary>
public class ReorganisationTests
{
    public static TheoryData<string, string> EveryStep
    {
        get
        {
            var steps = new TheoryData<string, string>();
            foreach (var milestone in Enum.GetValues<Milestone>().Where(m => m is not (Milestone.Aborted or Milestone.LeaderLost or Milestone.Reorganising
                or Milestone.Replaced or Milestone.Resumed or Milestone.Resealing)))
            {
                foreach (var trouble in new[] { Trouble.Leave, Trouble.Restart, Trouble.Reconnect, Trouble.Pause })
                {
                    steps.Add(milestone.ToString(), trouble.ToString());
                }
            }

            return steps;
        }
    }

    [Theory]
    [MemberData(nameof(EveryStep))]
    public void Run_LeaderLostAtAnyStep_CommitsEveryRound(string milestone, string trouble)
    {
        foreach (var layout in new[] { Layout.Masked, Layout.Rotating })
        {
            var moment = new Moment(TimeSpan.Zero, Enum.Parse<Milestone>(milestone));
            var outcome = Scenarios.Calm(nodes: 8, leaders: 3, layout)
                .With(new Disturbance(moment, Enum.Parse<Trouble>(trouble), Victim.Leader, TimeSpan.FromSeconds(5))).Ran();
            Assert.Equal(3, outcome.Tally.Of("rounds committed"));
        }
    }

    [Theory]
    [InlineData(nameof(Milestone.RoundStarted))]
    [InlineData(nameof(Milestone.Intersecting))]
    [InlineData(nameof(Milestone.Agreeing))]
    public void Run_LeaderLostBeforeAnySum_FinishesTheSameRound(string milestone)
    {
        var outcome = Scenarios.Calm(nodes: 8, leaders: 3)
            .With(new Disturbance(new Moment(TimeSpan.Zero, Enum.Parse<Milestone>(milestone)), Trouble.Leave, Victim.Leader, TimeSpan.Zero)).Ran();

        Assert.Equal(0, outcome.Tally.Of("rounds aborted"));
        Assert.Equal(1, outcome.Tally.Of("reorganisations completed"));
    }

    [Theory]
    [InlineData(nameof(Victim.TwoLeaders))]
    [InlineData(nameof(Victim.EveryLeader))]
    public void Run_SeveralLeadersLostAtOnce_AbortsThatRoundAndGoesOn(string victim)
    {
        var moment = new Moment(TimeSpan.FromMilliseconds(50), Milestone.RoundStarted);
        var outcome = Scenarios.Calm(nodes: 8, leaders: 3)
            .With(new Disturbance(moment, Trouble.Restart, Enum.Parse<Victim>(victim), TimeSpan.Zero)).Ran();

        Assert.True(outcome.Tally.Of("rounds aborted") > 0);
        Assert.Equal(3, outcome.Tally.Of("rounds committed"));
    }

    [Fact]
    public void Run_ReplacementDiesToo_AbortsThatRoundAndGoesOn()
    {
        var scenario = Scenarios.Calm(nodes: 8, leaders: 3);
        var first = new Disturbance(new Moment(TimeSpan.Zero, Milestone.RoundStarted), Trouble.Leave, Victim.Leader, TimeSpan.Zero);
        var second = new Disturbance(new Moment(TimeSpan.Zero, Milestone.Replaced), Trouble.Leave, Victim.NewestLeader, TimeSpan.Zero);

        var outcome = (scenario with { Swarm = new Swarm(Faults.None, TimeSpan.Zero, [first, second], TimeSpan.FromSeconds(20)) }).Ran();

        Assert.Equal(1, outcome.Tally.Of("rounds aborted"));
        Assert.Equal(3, outcome.Tally.Of("rounds committed"));
    }
}
