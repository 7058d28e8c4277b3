namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>From the end of uploads to the commit (DESIGN section 7, steps 5 and 6).</summary>
public class RoundClosingTests
{
    private readonly CoordinatorUnderTest _coordinator = new(Some.Rules());

    [Fact]
    public void Holdings_OfAllLeaders_ProposeWhatAllHoldAndUploadsHave()
    {
        _coordinator.ToUploading();
        Array.ForEach([0, 1, 2, 3], i => _coordinator.Upload(i));
        Assert.True(_coordinator.Hold(0, 0, 1, 2, 3).Silent<ServerMessage.IntersectionProposed>());
        var proposed = _coordinator.Hold(1, 1, 2, 3, 9).Messages<ServerMessage.IntersectionProposed>().ToArray();
        Assert.Equal(2, proposed.Length);
        Assert.Equal(Some.Parties(1, 2, 3).Digest, proposed[0].Intersection.Digest);
    }

    [Fact]
    public void Holdings_SecondReportOfALeader_DoesNotReplaceTheFirst()
    {
        _coordinator.ToIntersecting();
        _coordinator.Hold(0, 0, 1, 2);
        Assert.True(_coordinator.Hold(0, 1, 2, 3).Silent<ServerMessage.IntersectionProposed>());
        Assert.Equal(Some.Parties(0, 1, 2).Digest, _coordinator.Hold(1, 0, 1, 2, 3).Messages<ServerMessage.IntersectionProposed>().First().Intersection.Digest);
    }

    [Fact]
    public void Holdings_ByNobodySeatedOrOfAnotherAttempt_DoNotCount()
    {
        _coordinator.ToIntersecting();
        _coordinator.Hold(0, 0, 1, 2, 3);
        Assert.Empty(_coordinator.Hold(2, 0, 1, 2, 3));
        Assert.Empty(_coordinator.Say(1, new NodeMessage.HoldingsReported(_coordinator.Spec.Round, new Attempt(2), [Some.Node(0)])));
        Assert.Empty(_coordinator.Say(1, new NodeMessage.HoldingsReported(new Round(9), Attempt.First, [Some.Node(0)])));
    }

    [Fact]
    public void Holdings_IntersectionBelowKMin_AbortsBeforeAnythingIsProposed()
    {
        _coordinator.ToIntersecting();
        _coordinator.Hold(0, 0, 1, 2);
        var effects = _coordinator.Hold(1, 1, 2, 3);
        Assert.Contains("k_min", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
        Assert.True(effects.Silent<ServerMessage.IntersectionProposed>());
    }

    [Fact]
    public void Digests_EqualFromEveryLeader_PrepareTheClosingWithAllSignatures()
    {
        _coordinator.ToAgreeing();
        Assert.Empty(_coordinator.Digests(0, 0, 1, 2, 3).OfType<CoordinatorEffect.PrepareClosing>());
        Assert.Empty(_coordinator.Digests(0, 0, 1, 2, 3).OfType<CoordinatorEffect.PrepareClosing>());
        var closing = Assert.Single(_coordinator.Digests(1, 0, 1, 2, 3).OfType<CoordinatorEffect.PrepareClosing>());
        Assert.Equal(2, closing.Digests.Length);
        Assert.True(_coordinator.Machine.NextDeadline >= TimeSpan.FromDays(1), "while the disk is at work, nothing is due but the next heartbeat");
    }

    [Fact]
    public void Digests_OverAnotherIntersection_AbortTheRound()
    {
        _coordinator.ToAgreeing();
        _coordinator.Digests(0, Some.Parties(0, 1, 2).Digest).Says<ServerMessage.RoundAborted>();
    }

    [Fact]
    public void Digests_OneMissingOrOneSlotTwice_AbortTheRound()
    {
        _coordinator.ToAgreeing();
        var digest = new RoundDigest(
            Some.Run, new Term(1), _coordinator.Spec.Round, Attempt.First, _coordinator.Spec.Digest, _coordinator.Leaders.Digest, Some.Parties(0, 1, 2, 3).Digest);
        var own = new SignedDigest(new Slot(0), digest, default);
        _coordinator.Say(0, new NodeMessage.DigestsReported(_coordinator.Spec.Round, Attempt.First, [own, own])).Says<ServerMessage.RoundAborted>();
    }

    [Fact]
    public void ClosingPrepared_Durable_IsFollowedByTheReleasesAndNotPreceded()
    {
        Assert.True(_coordinator.ToClosing().Silent<ServerMessage.ReleaseAsked>());
        var effects = _coordinator.ClosingPrepared();
        Assert.Equal(2, effects.Messages<ServerMessage.ReleaseAsked>().Count());
        Assert.True(effects.FindIndex(e => e is CoordinatorEffect.AcceptSums) < effects.FindIndex(e => e is CoordinatorEffect.Send));
        Assert.NotNull(_coordinator.Machine.NextDeadline);
    }

    [Fact]
    public void ClosingPrepared_AnotherAttempt_IsIgnored()
    {
        _coordinator.ToClosing();
        Assert.Empty(_coordinator.Step(new CoordinatorInput.ClosingPrepared(_coordinator.Spec.Round, new Attempt(2))));
    }

    [Fact]
    public void Sums_OfEveryLeaderOnce_Commit()
    {
        _coordinator.ToReleasing();
        Assert.Empty(_coordinator.Sum(0));
        Assert.Empty(_coordinator.Sum(0));
        Assert.Empty(_coordinator.Sum(3));
        var commit = Assert.Single(_coordinator.Sum(1).OfType<CoordinatorEffect.CommitRound>());
        Assert.Equal(Some.Parties(0, 1, 2, 3).Digest, commit.Intersection.Digest);
    }

    [Fact]
    public void CommitDone_RoundsToGo_IsAnnouncedAndTheNextRoundStartsFromTheNewModel()
    {
        _coordinator.ToCommitting();
        var effects = _coordinator.CommitDone();
        Assert.Equal(new ServerMessage.RoundCommitted(new Round(1), Some.Hash("next model"), 4, CoordinatorUnderTest.Totals), effects.Says<ServerMessage.RoundCommitted>());
        var next = effects.Says<ServerMessage.RoundOpened>().Spec;
        Assert.Equal((new Round(2), Some.Hash("next model"), 0.25), (next.Round, next.ModelHash, next.Encoding.Clip));
        Assert.Equal(new Term(1), _coordinator.Machine.Term);
    }

    [Fact]
    public void CommitDone_LastRound_FinishesTheRunAndNothingFollows()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(rounds: 1));
        coordinator.ToCommitting();
        var effects = coordinator.CommitDone();
        Assert.True(Assert.Single(effects.OfType<CoordinatorEffect.Finish>()).Succeeded);
        Assert.True(effects.Silent<ServerMessage.RoundOpened>());
        Assert.Null(coordinator.Machine.NextDeadline);
        Assert.Empty(coordinator.Arrive(9));
    }

    [Fact]
    public void CommitFailed_WhileCommitting_AbortsAndOpensTheNextRoundFromTheOldModel()
    {
        _coordinator.ToCommitting();
        var effects = _coordinator.Step(new CoordinatorInput.CommitFailed(_coordinator.Spec.Round, "no samples"));
        Assert.Equal("no samples", effects.Says<ServerMessage.RoundAborted>().Reason);
        Assert.Equal(Some.Hash("model"), effects.Says<ServerMessage.RoundOpened>().Spec.ModelHash);
        Assert.Equal(0, _coordinator.Machine.CommittedRounds);
    }

    [Fact]
    public void CloseDeadline_WhileWaitingForLeaders_AbortsInEveryStage()
    {
        foreach (Action<CoordinatorUnderTest> reach in (Action<CoordinatorUnderTest>[])[c => c.ToIntersecting(), c => c.ToAgreeing(), c => c.ToReleasing()])
        {
            var coordinator = new CoordinatorUnderTest(Some.Rules());
            reach(coordinator);
            var effects = coordinator.PassDeadline();
            Assert.Contains("close deadline", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
            Assert.Single(effects.OfType<CoordinatorEffect.Journal>(), j => j.Entry is JournalEntry.RoundAborted);
        }
    }

    [Fact]
    public void CommitDone_ForAnotherRound_ChangesNothing()
    {
        _coordinator.ToCommitting();
        Assert.Empty(_coordinator.Step(new CoordinatorInput.CommitDone(new Round(9), default, 1, CoordinatorUnderTest.Totals)));
        Assert.Equal(0, _coordinator.Machine.CommittedRounds);
    }
}
