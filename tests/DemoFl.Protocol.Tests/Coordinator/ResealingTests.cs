namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>What becomes of a round once a lost slot is filled: resealing, the next attempt, and what is left of the earlier one (DESIGN section 7).</summary>
public class ResealingTests
{
    public static TheoryData<RoundStage> BeforeAnySum => ReorganisationTests.BeforeAnySum;

    public static TheoryData<RoundStage> AfterTheUploads => [RoundStage.Intersecting, RoundStage.Agreeing, RoundStage.Closing, RoundStage.Releasing];

    [Theory]
    [MemberData(nameof(AfterTheUploads))]
    public void Replaced_AfterTheUploads_AsksForHoldingsOfTheNextAttemptOnceAllHaveResealed(RoundStage stage)
    {
        var round = new ReorganisationUnderTest(stage);
        var effects = round.Replace();
        Assert.Equal(RoundStage.Resealing, effects.Reports<CoordinatorEvent.StageReached>().Stage);
        Assert.True(effects.Silent<ServerMessage.HoldingsAsked>());
        Assert.Empty(round.Reseal(0, 2, 3, 4));

        effects = round.Reseal(5);
        Assert.Equal(new Attempt(2), effects.Messages<ServerMessage.HoldingsAsked>().First().Attempt);
        Assert.Equal(Some.Parties(0, 1, 2, 3, 4, 5).Digest, effects.Messages<ServerMessage.HoldingsAsked>().First().Uploaded.Digest);
        Assert.Equal([Some.Node(0), Some.Node(3), Some.Node(2)], AskedForHoldings(effects));
        Assert.Equal((new Term(2), 5), (effects.Reports<CoordinatorEvent.Resumed>().Term, effects.Reports<CoordinatorEvent.Resumed>().Resealed));
    }

    [Theory]
    [MemberData(nameof(BeforeAnySum))]
    public void Replaced_AllResealed_CommitsUnderTheNewSet(RoundStage stage)
    {
        var round = new ReorganisationUnderTest(stage);
        round.Replace();
        round.Reseal(0, 2, 3, 4, 5);
        if (stage == RoundStage.Uploading)
        {
            round.Coordinator.UploadAll();
        }

        Assert.Equal(stage == RoundStage.Uploading ? 1 : 2, round.Coordinator.Attempt.Number);
        Array.ForEach([0, 3, 2], leader => round.Coordinator.Hold(leader, 0, 2, 3, 4));
        Array.ForEach([0, 3], leader => round.Coordinator.Digests(leader, 0, 2, 3, 4));
        var closing = Assert.Single(round.Coordinator.Digests(2, 0, 2, 3, 4).OfType<CoordinatorEffect.PrepareClosing>());
        Assert.Equal((round.Coordinator.Attempt, Some.Parties(0, 2, 3, 4).Digest), (closing.Attempt, closing.Intersection.Digest));
        Assert.All(closing.Digests, d => Assert.Equal((new Term(2), round.Next.Digest), (d.Digest.Term, d.Digest.Leaders)));
        round.Coordinator.ClosingPrepared();
        round.Coordinator.SumAll();
        Assert.Equal(4, round.Coordinator.CommitDone().Says<ServerMessage.RoundCommitted>().Parties);
    }

    [Fact]
    public void Replaced_WhileUploading_WaitsForWhoUploadedToReseal()
    {
        var round = new ReorganisationUnderTest();
        Array.ForEach([2, 3], p => round.Coordinator.Upload(p));
        Assert.True(round.Replace().Silent<ServerMessage.HoldingsAsked>());
        Array.ForEach([0, 4, 5], p => round.Coordinator.Upload(p));
        Assert.True(round.Reseal(0, 4, 5, 2).Silent<ServerMessage.HoldingsAsked>());
        var asked = round.Reseal(3).Messages<ServerMessage.HoldingsAsked>().First();
        Assert.Equal((Attempt.First, Some.Parties(0, 2, 3, 4, 5).Digest), (asked.Attempt, asked.Uploaded.Digest));
    }

    [Fact]
    public void Resealed_UnderAnEarlierTermOrInAnotherRound_DoesNotCount()
    {
        var round = new ReorganisationUnderTest(RoundStage.Intersecting);
        round.Replace();
        round.Reseal(0, 2, 3, 4);
        Assert.Empty(round.Coordinator.Say(5, new NodeMessage.Resealed(round.Round, round.Before.Term)));
        Assert.Empty(round.Coordinator.Say(5, new NodeMessage.Resealed(round.Round.Next, round.Next.Term)));
        Assert.NotEmpty(round.Reseal(5));
    }

    [Fact]
    public void Departed_WhileResealing_IsNotWaitedForAndStaysInTheUploads()
    {
        var round = new ReorganisationUnderTest(RoundStage.Intersecting);
        round.Replace();
        round.Reseal(0, 2, 3, 4);
        var asked = round.Coordinator.Depart(5).Messages<ServerMessage.HoldingsAsked>().First();
        Assert.Equal((new Attempt(2), Some.Parties(0, 1, 2, 3, 4, 5).Digest), (asked.Attempt, asked.Uploaded.Digest));
    }

    [Fact]
    public void Departed_WhilePaused_IsNotWaitedForAfterwards()
    {
        var round = new ReorganisationUnderTest(RoundStage.Intersecting).Asked();
        Assert.Empty(round.Coordinator.Depart(5));
        Assert.Empty(round.Coordinator.Say(4, new NodeMessage.Declined(round.Round, "no room")).Messages<ServerMessage.HoldingsAsked>());
        round.Agree(0);
        round.Agree(2);
        Assert.True(round.Reseal(0, 2).Silent<ServerMessage.HoldingsAsked>());
        Assert.False(round.Reseal(3).Silent<ServerMessage.HoldingsAsked>());
    }

    [Theory]
    [MemberData(nameof(AfterTheUploads))]
    public void EarlierAttempt_AnythingOfIt_ChangesNothing(RoundStage stage)
    {
        var round = new ReorganisationUnderTest(stage);
        round.Replace();
        AssertFirstAttemptIsVoid(round);
        round.Reseal(0, 2, 3, 4, 5);
        AssertFirstAttemptIsVoid(round);
        round.Coordinator.HoldAll();
        AssertFirstAttemptIsVoid(round);
        round.Coordinator.DigestAll();
        AssertFirstAttemptIsVoid(round);
        round.Coordinator.ClosingPrepared();
        AssertFirstAttemptIsVoid(round);
    }

    [Theory]
    [MemberData(nameof(AfterTheUploads))]
    public void LostLeader_ReportsWhatItStillHas_IsIgnored(RoundStage stage)
    {
        var round = new ReorganisationUnderTest(stage);
        round.Lose();
        round.Coordinator.Arrive(ReorganisationUnderTest.Lost);
        AssertNothingOf(ReorganisationUnderTest.Lost, round);
        round.Recommend();
        round.Offer();
        AssertNothingOf(ReorganisationUnderTest.Lost, round);
        round.Agree(0);
        round.Agree(2);
        round.Reseal(0, 2, 3, 4, 5);
        AssertNothingOf(ReorganisationUnderTest.Lost, round);
        Assert.Empty(round.Coordinator.Say(ReorganisationUnderTest.Lost, new NodeMessage.LeaderRefused(round.Round, "lost my place")));
    }

    private static void AssertFirstAttemptIsVoid(ReorganisationUnderTest round)
    {
        Assert.Empty(round.Coordinator.Step(new CoordinatorInput.ClosingPrepared(round.Round, Attempt.First)));
        foreach (int leader in (int[])[0, 2])
        {
            Assert.Empty(round.Coordinator.Step(new CoordinatorInput.SumReceived(Some.Node(leader), round.Round, Attempt.First)));
            Assert.Empty(round.Coordinator.Say(leader, new NodeMessage.HoldingsReported(round.Round, Attempt.First, [Some.Node(0)])));
            Assert.Empty(round.Coordinator.Say(leader, new NodeMessage.DigestsReported(round.Round, Attempt.First, [])));
        }
    }

    private static void AssertNothingOf(int leader, ReorganisationUnderTest round)
    {
        foreach (var attempt in (Attempt[])[Attempt.First, new Attempt(2)])
        {
            Assert.Empty(round.Coordinator.Step(new CoordinatorInput.SumReceived(Some.Node(leader), round.Round, attempt)));
            Assert.Empty(round.Coordinator.Say(leader, new NodeMessage.HoldingsReported(round.Round, attempt, [Some.Node(0)])));
            Assert.Empty(round.Coordinator.Say(leader, new NodeMessage.DigestsReported(round.Round, attempt, [])));
            Assert.Empty(round.Coordinator.Say(leader, new NodeMessage.BeatAnswered(1)));
        }
    }

    private static NodeId[] AskedForHoldings(IEnumerable<CoordinatorEffect> effects) =>
        [.. effects.OfType<CoordinatorEffect.Send>().Where(s => s.Message is ServerMessage.HoldingsAsked).Select(s => s.To)];
}
