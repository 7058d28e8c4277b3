using DemoFl.Node.Rounds;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Rounds;

public sealed class ClipWatchTests
{
    private const int Parties = 3;
    private readonly ClipWatch _watch = new();

    [Fact]
    public void Objection_ServerFollowsTheRule_NeverObjects()
    {
        Commit(1, 0.5, clipped: 1);
        Commit(2, 1, clipped: 0);
        for (ulong round = 3; round <= 6; round++)
        {
            Commit(round, 1, clipped: 0);
        }

        Commit(7, 0.5, clipped: 0);
    }

    [Fact]
    public void Objection_ClipNotDoubledAfterClipping_SaysWhatTheRuleGives()
    {
        Commit(1, 0.5, clipped: 1);

        Assert.Equal("the clip is 0.5, but the public rule gives 1 after the rounds so far", _watch.Objection(Some.Spec(2, clip: 0.5)));
    }

    [Fact]
    public void Objection_ClipMovedForNoReason_Objects()
    {
        Commit(1, 0.5, clipped: 0);

        Assert.NotNull(_watch.Objection(Some.Spec(2, clip: 2)));
    }

    [Fact]
    public void Objection_AbortedRoundBetween_ExpectsTheSameClip()
    {
        Assert.Null(_watch.Objection(Some.Spec(1)));

        Assert.Null(_watch.Objection(Some.Spec(2)));
        Assert.NotNull(_watch.Objection(Some.Spec(3, clip: 1)));
    }

    [Fact]
    public void Objection_CameLate_FollowsFromTheFirstChange()
    {
        Commit(8, 0.5, clipped: 0);
        Commit(9, 1, clipped: 1);

        Assert.NotNull(_watch.Objection(Some.Spec(10, clip: 1)));
    }

    [Fact]
    public void Objection_MissedARoundWhoseTotalsMovedTheClip_DoesNotObject()
    {
        Commit(1, 0.5, clipped: 0);

        Assert.Null(_watch.Objection(Some.Spec(3, clip: 1)));
        Assert.Null(_watch.Objection(Some.Spec(4, clip: 1)));
    }

    [Fact]
    public void Objection_BoundReached_StaysThere()
    {
        Commit(1, 1024, clipped: 15);

        Assert.Null(_watch.Objection(Some.Spec(2, clip: 1024)));
    }

    /// <summary>They are encoded in a way of their own, which tells nothing of the clip, and whose clipping moves nothing.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Objection_RoundsThatMeasureColumns_AreNotPartOfTheRule(ulong first)
    {
        Statistics(first, TrainingStage.Means);
        Statistics(first + 1, TrainingStage.Variances);
        Commit(first + 2, 0.5, clipped: 0);

        Assert.NotNull(_watch.Objection(Some.Spec(first + 3, clip: 1)));
    }

    private void Statistics(ulong round, TrainingStage stage)
    {
        var spec = Some.Spec(round);
        spec = spec with { Encoding = StatisticsEncoding.Of(spec.Encoding, stage), Training = spec.Training with { Stage = stage } };
        Assert.Null(_watch.Objection(spec));
        _watch.Observe(spec, new ServerMessage.RoundCommitted(spec.Round, default, Parties, new RoundTotals(10, 15, 0, 0, 0)));
    }

    private void Commit(ulong round, double clip, ulong clipped)
    {
        var spec = Some.Spec(round, clip: clip);
        Assert.Null(_watch.Objection(spec));
        _watch.Observe(spec, new ServerMessage.RoundCommitted(spec.Round, default, Parties, new RoundTotals(10, clipped, 0, 0, 0)));
    }
}
