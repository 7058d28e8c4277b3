namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>Leaders that are lost or refuse, aborts in a row, and an orderly stop (DESIGN section 7).</summary>
public class LossTests
{
    private readonly CoordinatorUnderTest _coordinator = new(Some.Rules());

    [Fact]
    public void LeaderLost_WhileUploading_AbortsTheRoundThenOpensTheNextTerm()
    {
        _coordinator.ToUploading();
        var effects = _coordinator.Depart(1);
        int aborted = effects.FindIndex(e => e is CoordinatorEffect.Broadcast { Message: ServerMessage.RoundAborted });
        int elected = effects.FindIndex(e => e is CoordinatorEffect.Broadcast { Message: ServerMessage.ElectionOpened });
        Assert.InRange(aborted, 0, elected - 1);
        Assert.Equal(new Slot(1), effects.Reports<CoordinatorEvent.LeaderLost>().Slot);
        Assert.Equal(new Term(2), _coordinator.Machine.Term);
    }

    [Fact]
    public void LeaderLost_BeforeItsSumIsComplete_AbortsTheRound()
    {
        _coordinator.ToReleasing();
        _coordinator.Sum(0);
        _coordinator.Depart(1).Says<ServerMessage.RoundAborted>();
    }

    [Fact]
    public void LeaderLost_AfterItsSumIsComplete_FinishesTheRoundAndIsReplacedAfterwards()
    {
        _coordinator.ToReleasing();
        _coordinator.Sum(0);
        Assert.Empty(_coordinator.Depart(0));
        Assert.Single(_coordinator.Sum(1).OfType<CoordinatorEffect.CommitRound>());
        var effects = _coordinator.CommitDone();
        Assert.Equal(4, effects.Says<ServerMessage.RoundCommitted>().Parties);
        Assert.Equal(new Term(2), effects.Says<ServerMessage.ElectionOpened>().Term);
        Assert.True(effects.Silent<ServerMessage.RoundOpened>());
    }

    [Fact]
    public void LeaderLost_AfterItsSumButAnotherNeverReleases_AbortsByTheDeadline()
    {
        _coordinator.ToReleasing();
        _coordinator.Sum(0);
        _coordinator.Depart(0);
        var effects = _coordinator.PassDeadline();
        effects.Says<ServerMessage.RoundAborted>();
        Assert.Equal(new Term(2), effects.Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void LeaderLost_WhileTheClosingIsWritten_IgnoresTheLateRecord()
    {
        _coordinator.ToClosing();
        var closed = _coordinator.Spec;
        _coordinator.Depart(0);
        Assert.Empty(_coordinator.Step(new CoordinatorInput.ClosingPrepared(closed.Round, Attempt.First)));
    }

    /// <summary>How far a pair channel can be stepped.</summary>
    private const int PairReach = 4096;

    [Fact]
    public void LeaderRefused_BySeatedLeader_AbortsTheRound()
    {
        _coordinator.ToUploading();
        var effects = _coordinator.Say(1, new NodeMessage.LeaderRefused(_coordinator.Spec.Round, "k_min too low"));
        Assert.Contains("k_min too low", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
    }

    /// <summary>A leader that refuses would refuse the next round too: its term is over.</summary>
    [Fact]
    public void LeaderRefused_BySeatedLeader_EndsItsTerm()
    {
        _coordinator.ToUploading();
        var term = _coordinator.Machine.Term;
        var effects = _coordinator.Say(1, new NodeMessage.LeaderRefused(_coordinator.Spec.Round, "no"));
        Assert.Equal(term.Next, effects.Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void LeaderRefused_ByAnybodyElseOrForAnotherRound_ChangesNothing()
    {
        _coordinator.ToUploading();
        Assert.True(_coordinator.Say(2, new NodeMessage.LeaderRefused(_coordinator.Spec.Round, "no")).Silent<ServerMessage.RoundAborted>());
        Assert.True(_coordinator.Say(1, new NodeMessage.LeaderRefused(new Round(9), "no")).Silent<ServerMessage.RoundAborted>());
    }

    [Fact]
    public void Aborted_AsOftenInARowAsAllowed_FailsTheRun()
    {
        _coordinator.ToUploading();
        Assert.Empty(_coordinator.AbortRound().OfType<CoordinatorEffect.Finish>());
        Assert.Empty(_coordinator.AbortRound().OfType<CoordinatorEffect.Finish>());
        var finish = Assert.Single(_coordinator.AbortRound().OfType<CoordinatorEffect.Finish>());
        Assert.False(finish.Succeeded);
        Assert.Contains("3 rounds in a row", finish.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Committed_BetweenAborts_StartsTheCountAgain()
    {
        _coordinator.ToCommitting();
        _coordinator.CommitDone();
        Assert.Empty(_coordinator.AbortRound().OfType<CoordinatorEffect.Finish>());
        Assert.Empty(_coordinator.AbortRound().OfType<CoordinatorEffect.Finish>());
        Assert.Single(_coordinator.AbortRound().OfType<CoordinatorEffect.Finish>());
    }

    [Fact]
    public void StopRequested_WhileUploading_AbortsAndFinishesOnce()
    {
        _coordinator.ToUploading();
        var effects = _coordinator.Step(new CoordinatorInput.StopRequested());
        effects.Says<ServerMessage.RoundAborted>();
        Assert.False(Assert.Single(effects.OfType<CoordinatorEffect.Finish>()).Succeeded);
        Assert.True(effects.Silent<ServerMessage.RoundOpened>());
    }

    [Fact]
    public void StopRequested_OnTheLastAllowedAbort_FinishesOnce()
    {
        _coordinator.ToUploading();
        _coordinator.AbortRound();
        _coordinator.AbortRound();
        Assert.Single(_coordinator.Step(new CoordinatorInput.StopRequested()).OfType<CoordinatorEffect.Finish>());
    }

    [Fact]
    public void StopRequested_WhileCommitting_WaitsForTheCommit()
    {
        _coordinator.ToCommitting();
        Assert.Empty(_coordinator.Step(new CoordinatorInput.StopRequested()));
        var effects = _coordinator.CommitDone();
        effects.Says<ServerMessage.RoundCommitted>();
        Assert.Single(effects.OfType<CoordinatorEffect.Finish>());
        Assert.True(effects.Silent<ServerMessage.RoundOpened>());
    }

    /// <summary>A leader that holds its tongue keeps its connection, not its slot.</summary>
    [Fact]
    public void CloseDeadline_ALeaderSilent_AbortsAndElectsAgain()
    {
        _coordinator.ToIntersecting();
        _coordinator.Hold(0, 0, 1, 2, 3);
        var effects = _coordinator.PassDeadline();
        Assert.Contains("close deadline", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
        Assert.Equal(new Term(2), effects.Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void OfferMade_RatchetFromAnotherRoundThanTheNext_EndsTheTerm()
    {
        _coordinator.ArriveAll(4);
        _coordinator.Recommend(0);
        _coordinator.Recommend(1);
        var seat = _coordinator.Leaders.SeatOf(Some.Node(0))!;
        var effects = _coordinator.Say(0, new NodeMessage.OfferMade(Some.Offer(seat, new Round(1_000_000))));
        Assert.Equal(new Term(2), effects.Says<ServerMessage.ElectionOpened>().Term);
    }

    /// <summary>No channel could be stepped from the term's first round to the present one any more.</summary>
    [Fact]
    public void Committed_LastRoundThatTheTermReaches_ElectsAgain()
    {
        var machine = new CoordinatorUnderTest(
            Some.Rules(rounds: 10_000, layout: Layout.Masked), new CoordinatorProgress(default, default, 0, Some.Hash("model"), 0.5));
        machine.ToUploading();
        List<CoordinatorEffect> effects = [];
        for (int round = 1; machine.Machine.Term == new Term(1); round++)
        {
            Assert.True(round < PairReach, $"term 1 still serves round {round}");
            effects = machine.CommitOpenRound();
        }

        Assert.Equal(new Term(2), effects.Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void NodeArrived_ParticipantWhoseOldConnectionWasNotMissed_DoesNotHoldUpTheRound()
    {
        _coordinator.ToUploading();
        Array.ForEach([0, 1, 2], i => _coordinator.Upload(i));
        Assert.NotEmpty(_coordinator.Arrive(3).Messages<ServerMessage.HoldingsAsked>());
    }

    [Fact]
    public void NodeDeparted_OfAnEarlierConnection_ChangesNothing()
    {
        _coordinator.ToUploading();
        _coordinator.Step(new CoordinatorInput.NodeArrived(Some.Node(3), "node-3", Some.Incarnation(3), true, Connection: 2));
        _coordinator.Step(new CoordinatorInput.NodeDeparted(Some.Node(3), Some.Incarnation(3), Connection: 1));
        Assert.Equal(4, _coordinator.Machine.Nodes.Present);
    }

    [Fact]
    public void RoundOpened_MoreNodesThanTheRingHasRoomFor_SelectsAsManyAsItHas()
    {
        var crowd = new CoordinatorUnderTest(Some.Rules() with { Encoding = Some.Rules().Encoding with { RingBits = 16 } });
        crowd.ToUploading(300);
        Assert.Equal(256, crowd.Spec.Participants.Length);
    }

    /// <summary>Resuming a run that has nothing left to do ends it at once, without waiting for nodes.</summary>
    [Fact]
    public void Tick_AllRoundsCommittedBefore_FinishesTheRun()
    {
        var rules = Some.Rules() with { Rounds = 5 };
        var resumed = new CoordinatorUnderTest(rules, new CoordinatorProgress(new Term(2), new Round(6), 5, Some.Hash("model"), 0.5));
        var finish = Assert.Single(resumed.PassDeadline().OfType<CoordinatorEffect.Finish>());
        Assert.True(finish.Succeeded);
        Assert.Equal(TimeSpan.Zero, resumed.Now);
    }
}
