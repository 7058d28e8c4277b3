namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>A coordinator whose journal ends behind a closing record finishes that round first (DESIGN section 7, step 6).</summary>
public class UnfinishedRoundTests
{
    private static readonly RoundSpec Spec = Some.Spec();
    private static readonly LeaderSet Leaders = Some.Leaders();
    private readonly CoordinatorUnderTest _coordinator = new(
        Some.Rules(leaders: 3, rounds: 3),
        new CoordinatorProgress(
            Leaders.Term, Spec.Round, 0, Some.Hash("model"), 0.5, Unfinished: new UnfinishedRound(Spec, Leaders, new Attempt(2), Some.Parties(1, 2, 3))));

    [Fact]
    public void Start_BeforeAnybodyArrives_OpensTheRoundForSumsAlone()
    {
        Assert.Equal(TimeSpan.Zero, _coordinator.Machine.NextDeadline);
        var effects = _coordinator.Tick();
        Assert.Equal(Spec, Assert.Single(effects.OfType<CoordinatorEffect.AcceptVectors>()).Spec);
        Assert.Equal((Spec.Round, new Attempt(2), Leaders), AcceptedSums(effects));
        Assert.Equal(new CoordinatorEvent.RoundTakenUp(Spec.Round, 3), effects.Reports<CoordinatorEvent.RoundTakenUp>());
        Assert.Empty(effects.OfType<CoordinatorEffect.Journal>());
    }

    [Fact]
    public void Arrived_LeaderOfTheSameProcess_IsAskedForItsSumAndNobodyElseIs()
    {
        var asked = _coordinator.Arrive(1).OfType<CoordinatorEffect.Send>().Single(s => s.Message is ServerMessage.ReleaseAsked);
        Assert.Equal((Some.Node(1), new ServerMessage.ReleaseAsked(Spec.Round, new Attempt(2))), (asked.To, asked.Message));
        Assert.True(_coordinator.Arrive(4).Silent<ServerMessage.ReleaseAsked>());
    }

    [Fact]
    public void Arrived_LeaderWhoseSumIsThere_IsNotAskedAgain()
    {
        _coordinator.Arrive(1);
        Sum(1);
        _coordinator.Depart(1);
        Assert.True(_coordinator.Arrive(1).Silent<ServerMessage.ReleaseAsked>());
    }

    [Fact]
    public void Arrived_LeaderOfAnotherProcess_EndsTheRound()
    {
        var effects = _coordinator.Arrive(1, incarnation: 77);
        Assert.True(effects.Silent<ServerMessage.ReleaseAsked>());
        Assert.Contains("started anew", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_OfAllLeaders_CommitOverTheJournaledIntersectionAndElectAnew()
    {
        _coordinator.ArriveAll(5);
        Sum(0);
        Sum(1);
        var commit = Assert.Single(Sum(2).OfType<CoordinatorEffect.CommitRound>());
        Assert.Equal((Spec, Some.Parties(1, 2, 3).Digest), (commit.Spec, commit.Intersection.Digest));
        var effects = _coordinator.Step(new CoordinatorInput.CommitDone(Spec.Round, Some.Hash("next"), 0.5, CoordinatorUnderTest.Totals));
        Assert.Equal(3, effects.Says<ServerMessage.RoundCommitted>().Parties);
        Assert.Equal(Leaders.Term.Next, effects.Says<ServerMessage.ElectionOpened>().Term);
        Assert.Equal(1, _coordinator.Machine.CommittedRounds);
    }

    [Fact]
    public void Refused_ByALeader_EndsTheRound()
    {
        _coordinator.ArriveAll(5);
        var effects = _coordinator.Say(2, new NodeMessage.LeaderRefused(Spec.Round, "no sum"));
        Assert.Contains("no sum", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
    }

    /// <summary>Whoever has not found its way back yet may lead again.</summary>
    [Fact]
    public void Deadline_ALeaderHasNotComeBack_EndsTheRoundWithoutBlame()
    {
        _coordinator.ArriveAll(5);
        _coordinator.Depart(2);
        Sum(0);
        Sum(1);
        var effects = _coordinator.PassDeadline();
        Assert.Contains("close deadline", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
        _coordinator.Arrive(2);
        Array.ForEach([2, 1, 0], i => _coordinator.Recommend(i));
        Assert.NotNull(_coordinator.Leaders.SeatOf(Some.Node(2)));
    }

    [Fact]
    public void Vector_OfAParty_ChangesNothing()
    {
        _coordinator.ArriveAll(5);
        Assert.Empty(_coordinator.Upload(4, round: Spec.Round));
    }

    [Fact]
    public void Start_OfARunThatIsOver_FinishesItWithoutTheRound()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(leaders: 3, rounds: 1), new CoordinatorProgress(
            Leaders.Term, Spec.Round, 1, Some.Hash("model"), 0.5, Unfinished: new UnfinishedRound(Spec, Leaders, Attempt.First, Some.Parties(1, 2, 3))));
        Assert.True(Assert.Single(coordinator.Tick().OfType<CoordinatorEffect.Finish>()).Succeeded);
    }

    private static (Round Round, Attempt Attempt, LeaderSet Leaders) AcceptedSums(List<CoordinatorEffect> effects)
    {
        var accepted = Assert.Single(effects.OfType<CoordinatorEffect.AcceptSums>());
        return (accepted.Round, accepted.Attempt, accepted.Leaders);
    }

    private List<CoordinatorEffect> Sum(int leader) => _coordinator.Step(new CoordinatorInput.SumReceived(Some.Node(leader), Spec.Round, new Attempt(2)));
}
