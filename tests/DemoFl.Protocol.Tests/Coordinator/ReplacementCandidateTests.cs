using static DemoFl.Protocol.Tests.Coordinator.ReorganisationAbortTests;

namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>Who may take a lost slot in the middle of a round (DESIGN section 7; promise P3).</summary>
public class ReplacementCandidateTests
{
    private const int Lost = ReorganisationUnderTest.Lost;

    [Fact]
    public void CandidateLost_BeforeItWins_MakesRoomForTheNext()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        Assert.Empty(round.Lose(3));
        Assert.Equal(Some.Node(4), round.Recommend(4).Says<ServerMessage.SlotOffered>().Leaders.Seats[Lost].Holder);
    }

    /// <summary>It could refuse again, and again, and the round would never end.</summary>
    [Fact]
    public void CandidateRefused_SaysAgainThatItHasKeys_IsNoCandidateAgain()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        round.Recommend(3);
        round.Coordinator.Say(3, new NodeMessage.LeaderRefused(round.Round, "no")).Says<ServerMessage.ElectionOpened>();
        round.Coordinator.Say(3, new NodeMessage.KeysEstablished(round.Before.Term));
        Assert.Empty(round.Recommend(3));
        Assert.NotEmpty(round.Recommend(4));
    }

    [Fact]
    public void LeaderLost_NobodyElseCanLead_AbortsTheRound()
    {
        var coordinator = new CoordinatorUnderTest(ReorganisationUnderTest.Rules());
        Array.ForEach([0, 1, 2], i => coordinator.Arrive(i));
        Array.ForEach([3, 4, 5], i => coordinator.Arrive(i, canLead: false));
        Array.ForEach([0, 1, 2], i => coordinator.Recommend(i));
        Array.ForEach([0, 1, 2], i => coordinator.Offer(i));
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Keyed(i));
        AssertAborted(coordinator.Depart(1), "a leader was lost");
    }

    [Fact]
    public void LeaderLost_WhoCouldLeadHasNoKeys_AbortsTheRound()
    {
        var round = new ReorganisationUnderTest();
        Array.ForEach([3, 4, 5], i => round.Coordinator.Arrive(i, incarnation: 50 + i));
        AssertAborted(round.Lose(), "a leader was lost");
    }

    /// <summary>Promise P3: nobody gets a second slot, not by another node of its process either.</summary>
    [Fact]
    public void LeaderLost_OnlyNodesOfASurvivorsProcessAreLeft_AbortsTheRound()
    {
        var coordinator = WithNodesOfProcess(survivor: 0, 3, 4, 5);
        AssertAborted(coordinator.Depart(1), "a leader was lost");
    }

    [Fact]
    public void Recommended_ByANodeOfASurvivorsProcess_IsNoCandidate()
    {
        var coordinator = WithNodesOfProcess(survivor: 0, 3);
        coordinator.Depart(1);
        Assert.Empty(coordinator.Recommend(3));
        Assert.Equal(Some.Node(4), coordinator.Recommend(4).Says<ServerMessage.SlotOffered>().Leaders.Seats[1].Holder);
    }

    [Fact]
    public void Recommended_ByASurvivorOrTheLostLeaderOrWithoutKeys_IsNoCandidate()
    {
        var round = new ReorganisationUnderTest();
        round.Lose();
        round.Coordinator.Arrive(Lost);
        round.Coordinator.Keyed(Lost);
        round.Coordinator.Arrive(9);
        Assert.All([0, 2, Lost, 9], node => Assert.Empty(round.Recommend(node)));
        Assert.NotEmpty(round.Recommend(4));
    }

    /// <summary>It may be back the moment after, with all its keys.</summary>
    [Fact]
    public void Recommended_ByALeaderLostForItsSilence_IsNoCandidate()
    {
        var round = new ReorganisationUnderTest(rules: ReorganisationUnderTest.Rules(new LeaderCare(TimeSpan.FromSeconds(1), MissedBeats: 1, Tenure: 0)));
        round.Coordinator.Answer(round.Coordinator.PassDeadline().Beats(), except: Lost);
        round.Coordinator.PassDeadline().Says<ServerMessage.Paused>();
        Assert.Empty(round.Recommend(Lost));
        Assert.NotEmpty(round.Recommend(4));
    }

    [Fact]
    public void Appointed_LeaderLost_OffersTheSlotToACandidateAtOnce()
    {
        var drawn = new HashSet<NodeId>();
        for (ulong entropy = 0; entropy < 40; entropy++)
        {
            var coordinator = new CoordinatorUnderTest(ReorganisationUnderTest.Rules() with { Election = ElectionMode.Appointed }, entropy: entropy);
            coordinator.ArriveAll(6);
            Array.ForEach(coordinator.Holders, i => coordinator.Offer(i));
            Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Keyed(i));
            var before = coordinator.Leaders;
            var effects = coordinator.Depart(coordinator.Holders[1]);
            Assert.True(effects.Silent<ServerMessage.ElectionOpened>());
            var offered = effects.Says<ServerMessage.SlotOffered>().Leaders;
            Assert.Equal(new Slot(1), before.ReplacedIn(offered));
            drawn.Add(offered.Seats[1].Holder);
        }

        Assert.True(drawn.Count > 4, $"only {drawn.Count} nodes were ever drawn");
    }

    /// <summary>Leaders 0, 1 and 2, and some of nodes 3 to 5 that share the process of one of them.</summary>
    private static CoordinatorUnderTest WithNodesOfProcess(int survivor, params int[] nodes)
    {
        var coordinator = new CoordinatorUnderTest(ReorganisationUnderTest.Rules());
        Array.ForEach([0, 1, 2], i => coordinator.Arrive(i));
        Array.ForEach([3, 4, 5], i => coordinator.Arrive(i, incarnation: nodes.Contains(i) ? survivor : i));
        Array.ForEach([0, 1, 2], i => coordinator.Recommend(i));
        Array.ForEach([0, 1, 2], i => coordinator.Offer(i));
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Keyed(i));
        return coordinator;
    }
}
