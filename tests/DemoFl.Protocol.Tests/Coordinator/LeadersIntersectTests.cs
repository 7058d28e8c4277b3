namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>SOFL: the coordinator asks for B_j once and proposes nothing (DESIGN section 7, step 5).</summary>
public class LeadersIntersectTests
{
    private static readonly CoordinatorRules Rules = ReorganisationUnderTest.Rules(Some.Care(leadersIntersect: true));
    private readonly CoordinatorUnderTest _coordinator = new(Rules);

    [Fact]
    public void Uploaded_ByAll_AsksTheLeadersToIntersect() =>
        Assert.All(_coordinator.ToIntersecting(6).Messages<ServerMessage.HoldingsAsked>(), asked => Assert.True(asked.ByLeaders));

    [Fact]
    public void Reported_ByAll_ProposesNothingAndWaitsForTheDigests()
    {
        var effects = _coordinator.ToAgreeing(6);
        Assert.True(effects.Silent<ServerMessage.IntersectionProposed>());
        Assert.Equal(RoundStage.Agreeing, effects.Reports<CoordinatorEvent.StageReached>().Stage);
        Assert.Single(_coordinator.DigestAll().OfType<CoordinatorEffect.PrepareClosing>());
    }

    /// <summary>One leader may be done before another's B is here.</summary>
    [Fact]
    public void Digests_BeforeTheLastReport_AreKept()
    {
        _coordinator.ToIntersecting(6);
        Array.ForEach([0, 1], leader => _coordinator.Hold(leader, 1, 2, 3));
        Assert.All([0, 1, 2], leader => Assert.Empty(_coordinator.Digests(leader, 1, 2, 3)));
        var closing = Assert.Single(_coordinator.Hold(2, 1, 2, 3).OfType<CoordinatorEffect.PrepareClosing>());
        Assert.Equal(Some.Parties(1, 2, 3).Digest, closing.Intersection.Digest);
    }

    [Fact]
    public void Digests_EarlyAndNotOfTheReportedIntersection_AbortTheRound()
    {
        _coordinator.ToIntersecting(6);
        Array.ForEach([0, 1], leader => _coordinator.Hold(leader, 1, 2, 3));
        Assert.Empty(_coordinator.Digests(0, 1, 2, 3, 4));
        Assert.Contains("differ", _coordinator.Hold(2, 1, 2, 3).Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Digests_EarlyWhereTheCoordinatorIntersects_DoNotCount()
    {
        var coordinator = new CoordinatorUnderTest(ReorganisationUnderTest.Rules());
        coordinator.ToIntersecting(6);
        Assert.All([0, 1, 2], leader => Assert.Empty(coordinator.Digests(leader, 0, 1, 2, 3, 4, 5)));
        Assert.Empty(coordinator.HoldAll().OfType<CoordinatorEffect.PrepareClosing>());
    }

    [Fact]
    public void Replaced_NextAttempt_IsIntersectedByTheLeadersToo()
    {
        var round = new ReorganisationUnderTest(RoundStage.Agreeing, Rules);
        round.Replace();
        var asked = round.Reseal(0, 2, 3, 4, 5).Messages<ServerMessage.HoldingsAsked>().First();
        Assert.Equal((new Attempt(2), true), (asked.Attempt, asked.ByLeaders));
    }
}
