namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>A run ends with the first committed round that is good enough.</summary>
public sealed class StopTargetTests
{
    private static readonly StopTarget Either = new(0.9, 0.25);

    [Theory]
    [InlineData(0.9, 1.0, "accuracy 0.9000 reached the target of 0.9")]
    [InlineData(0.95, 0.1, "accuracy 0.9500 reached the target of 0.9")]
    [InlineData(0.5, 0.25, "loss 0.2500 reached the target of 0.25")]
    [InlineData(double.NaN, 0.2, "loss 0.2000 reached the target of 0.25")]
    [InlineData(0.89999, 0.25001, null)]
    [InlineData(double.NaN, double.NaN, null)]
    public void ReachedBy_Judgement_ComparesBoth(double accuracy, double loss, string? reason) =>
        Assert.Equal(reason, Either.ReachedBy(new Judgement(loss, accuracy)));

    [Fact]
    public void ReachedBy_WithoutATarget_IsNever() => Assert.Null(new StopTarget(null, null).ReachedBy(new Judgement(0, 1)));

    [Fact]
    public void CommitDone_TargetReached_EndsTheRunAndTellsTheNodes()
    {
        var coordinator = Reach(Either);
        var effects = Commit(coordinator, new Judgement(0.3, 0.92));

        Assert.Equal(new Round(1), effects.Says<ServerMessage.RoundCommitted>().Round);
        var finish = Assert.Single(effects.OfType<CoordinatorEffect.Finish>());
        Assert.Equal((true, "1 rounds committed, accuracy 0.9200 reached the target of 0.9"), (finish.Succeeded, finish.Reason));
        Assert.Equal(new ServerMessage.RunFinished(true, finish.Reason), effects.Says<ServerMessage.RunFinished>());
        Assert.True(effects.Silent<ServerMessage.RoundOpened>());
        Assert.Equal(CoordinatorPhase.Finished, coordinator.Machine.Phase);
    }

    [Fact]
    public void CommitDone_TargetNotReached_OpensTheNextRound()
    {
        var effects = Commit(Reach(Either), new Judgement(0.3, 0.89));
        Assert.Equal(new Round(2), effects.Says<ServerMessage.RoundOpened>().Spec.Round);
        Assert.Empty(effects.OfType<CoordinatorEffect.Finish>());
    }

    [Fact]
    public void CommitDone_GoodEnoughWithoutATarget_OpensTheNextRound() =>
        Assert.Empty(Commit(Reach(null), new Judgement(0, 1)).OfType<CoordinatorEffect.Finish>());

    [Fact]
    public void CommitDone_NotJudged_GoesByThePartiesTotals()
    {
        // The parties' mean loss is 0.5, and all of their one example is right.
        Assert.Single(Commit(Reach(new StopTarget(null, 0.5)), null).OfType<CoordinatorEffect.Finish>());
        Assert.Empty(Commit(Reach(new StopTarget(null, 0.49)), null).OfType<CoordinatorEffect.Finish>());
        Assert.Empty(Commit(Reach(new StopTarget(1, null)), new Judgement(0.5, 0.9)).OfType<CoordinatorEffect.Finish>());
    }

    [Fact]
    public void OfParties_WithoutEvaluatedExamples_IsUnknown() =>
        Assert.Null(new StopTarget(0.001, 1000).ReachedBy(Judgement.OfParties(new RoundTotals(10, 0, 0, 0, 0))));

    [Theory]
    [InlineData(0.95, true)]
    [InlineData(0.85, false)]
    public void Resume_OfARunThatReachedItsTarget_EndsAtOnce(double accuracy, bool ends)
    {
        var progress = new CoordinatorProgress(new Term(3), new Round(4), 4, Some.Hash("model"), 0.5, new Judgement(1, accuracy));
        var coordinator = new CoordinatorUnderTest(Some.Rules(rounds: 9) with { Target = Either }, progress);

        Assert.Equal(ends ? TimeSpan.Zero : null, coordinator.Machine.NextDeadline);
        var effects = coordinator.Step(new CoordinatorInput.Tick());
        Assert.Equal(ends, effects.OfType<CoordinatorEffect.Finish>().Any(f => f.Succeeded && f.Reason.StartsWith("4 rounds committed, accuracy", StringComparison.Ordinal)));
    }

    private static CoordinatorUnderTest Reach(StopTarget? target)
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules() with { Target = target });
        coordinator.ToCommitting();
        return coordinator;
    }

    private static List<CoordinatorEffect> Commit(CoordinatorUnderTest coordinator, Judgement? judged) => coordinator.Step(
        new CoordinatorInput.CommitDone(coordinator.Spec.Round, Some.Hash("next model"), 0.25, CoordinatorUnderTest.Totals, judged));
}
