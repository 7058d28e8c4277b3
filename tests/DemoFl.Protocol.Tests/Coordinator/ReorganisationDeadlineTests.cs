using static DemoFl.Protocol.Tests.Coordinator.ReorganisationAbortTests;

namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>How long each step of a reorganisation may take, and what it does to the round's own deadlines (DESIGN section 7; liveness L2).</summary>
public class ReorganisationDeadlineTests
{
    [Theory]
    [InlineData(0, "nobody took the lost slot in time", 2.5)]
    [InlineData(1, "offered no keys in time", 10)]
    [InlineData(2, "did not agree to a replacement in time", 10)]
    public void Deadline_OfEachStep_AbortsTheRoundByItsOwnReason(int steps, string reason, double seconds)
    {
        var round = new ReorganisationUnderTest(RoundStage.Intersecting);
        round.Coordinator.Wait(TimeSpan.FromSeconds(7));
        round.Lose();
        Array.ForEach(((Action[])[() => round.Recommend(), () => round.Offer()])[..steps], step => step());
        Assert.Equal(round.Coordinator.Now + TimeSpan.FromSeconds(seconds), round.Coordinator.Machine.NextDeadline);
        AssertAborted(round.Coordinator.PassDeadline(), reason);
    }

    [Theory]
    [InlineData(RoundStage.Uploading, 120)]
    [InlineData(RoundStage.Intersecting, 30)]
    [InlineData(RoundStage.Agreeing, 30)]
    [InlineData(RoundStage.Releasing, 30)]
    public void Paused_PastTheRoundsOwnDeadline_GoesOnWaiting(RoundStage stage, int deadlineSeconds)
    {
        var round = new ReorganisationUnderTest(stage);
        round.Coordinator.Wait(TimeSpan.FromSeconds(deadlineSeconds - 1));
        round.Lose();
        round.Coordinator.Wait(TimeSpan.FromSeconds(2));
        Assert.Empty(round.Coordinator.Tick());
        round.Recommend();
        round.Coordinator.Wait(TimeSpan.FromSeconds(9));
        Assert.Empty(round.Coordinator.Tick());
    }

    [Fact]
    public void Replaced_WhileUploading_ExtendsTheUploadDeadlineByThePause()
    {
        var round = new ReorganisationUnderTest();
        var opened = round.Coordinator.Now;
        round.Coordinator.Wait(TimeSpan.FromSeconds(100));
        round.Lose();
        round.Recommend();
        round.Coordinator.Wait(TimeSpan.FromSeconds(7));
        round.Offer();
        round.Agree(0);
        round.Agree(2);
        Assert.Equal(opened + TimeSpan.FromSeconds(127), round.Coordinator.Machine.NextDeadline);
    }

    /// <summary>Who has not resealed by then is in no leader's B_j: the round need not fail.</summary>
    [Fact]
    public void ResealingDeadline_NotEverybodyResealed_AsksForHoldingsAllTheSame()
    {
        var round = new ReorganisationUnderTest(RoundStage.Agreeing);
        round.Coordinator.Wait(TimeSpan.FromSeconds(29));
        round.Replace();
        round.Reseal(0, 2, 3);
        Assert.Equal(round.Coordinator.Now + TimeSpan.FromSeconds(30), round.Coordinator.Machine.NextDeadline);
        var effects = round.Coordinator.PassDeadline();
        Assert.Equal(new Attempt(2), effects.Messages<ServerMessage.HoldingsAsked>().First().Attempt);
        Assert.Equal(3, effects.Reports<CoordinatorEvent.Resumed>().Resealed);
        Assert.Equal(round.Coordinator.Now + TimeSpan.FromSeconds(30), round.Coordinator.Machine.NextDeadline);
    }

    [Fact]
    public void UploadDeadline_AfterAReplacement_ClosesWithWhoHasUploaded()
    {
        var round = new ReorganisationUnderTest();
        Array.ForEach([0, 2, 3], p => round.Coordinator.Upload(p));
        round.Replace();
        Assert.Equal(Some.Parties(0, 2, 3).Digest, round.Coordinator.PassDeadline().Messages<ServerMessage.HoldingsAsked>().First().Uploaded.Digest);
    }

    [Fact]
    public void Uploaded_WhilePaused_Counts()
    {
        var round = new ReorganisationUnderTest().Asked();
        Assert.Empty(round.Coordinator.UploadAll());
        round.Agree(0);
        round.Agree(2);
        Assert.Equal(
            Some.Parties(0, 1, 2, 3, 4, 5).Digest, round.Reseal(0, 2, 3, 4, 5).Messages<ServerMessage.HoldingsAsked>().First().Uploaded.Digest);
    }
}
