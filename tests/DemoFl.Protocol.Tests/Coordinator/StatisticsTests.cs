namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>The two rounds before training, by which a federation learns the scale of its columns.</summary>
public sealed class StatisticsTests
{
    private static readonly CoordinatorRules Standardizing = Some.Rules(rounds: 2) with
    {
        Standardize = true, Training = Some.Training with { Server = new ServerStep(ServerMethod.Momentum, 1, 0.9, 0, 0) },
    };

    [Fact]
    public void Rounds_OfAStandardizingRun_AreMeansVariancesAndThenTraining()
    {
        var coordinator = new CoordinatorUnderTest(Standardizing);
        coordinator.ToUploading();
        var specs = new List<RoundSpec>();
        List<CoordinatorEffect> last = [];
        while (coordinator.Machine.Phase != CoordinatorPhase.Finished)
        {
            specs.Add(coordinator.Spec);
            last = coordinator.CommitOpenRound();
        }

        Assert.Equal([TrainingStage.Means, TrainingStage.Variances, TrainingStage.Training, TrainingStage.Training], specs.Select(s => s.Training.Stage));
        Assert.Equal((true, "2 rounds committed"), last.OfType<CoordinatorEffect.Finish>().Select(f => (f.Succeeded, f.Reason)).Single());
        Assert.Equal([64, 64, 32, 32], specs.Select(s => s.Encoding.RingBits));
        Assert.Equal([4294967296, 1048576, 0.25, 0.25], specs.Select(s => s.Encoding.Clip));
        Assert.All(specs, s => Assert.Null(StatisticsEncoding.Objection(s)));

        // A server optimiser would step towards a statistic and never arrive.
        Assert.Equal([default, default, Standardizing.Training.Server, Standardizing.Training.Server], specs.Select(s => s.Training.Server));
    }

    [Fact]
    public void Rounds_WithoutStandardize_AreTrainingFromTheFirst()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(rounds: 1));
        coordinator.ToUploading();
        Assert.Equal(TrainingStage.Training, coordinator.Spec.Training.Stage);
        Assert.Single(coordinator.CommitOpenRound().OfType<CoordinatorEffect.Finish>());
    }

    [Fact]
    public void OpenRound_ForStatisticsWithAFractionOfTheParties_SelectsEveryone()
    {
        var coordinator = new CoordinatorUnderTest(Standardizing with { Fraction = 0.5, KMin = 2 });
        coordinator.ToUploading();
        Assert.Equal(4, coordinator.Spec.Participants.Length);
    }

    [Theory]
    [InlineData(0, TrainingStage.Means)]
    [InlineData(1, TrainingStage.Variances)]
    [InlineData(2, TrainingStage.Training)]
    [InlineData(3, TrainingStage.Training)]
    public void Resume_AfterSoManyCommits_GoesOnWithTheStageBehindThem(int committed, TrainingStage stage)
    {
        // A round that was aborted used a number up, and no stage.
        var progress = new CoordinatorProgress(new Term(3), new Round(9), committed, Some.Hash("model"), 0.5, new Judgement(0.1, 1));
        var coordinator = new CoordinatorUnderTest(Standardizing with { Target = new StopTarget(0.9, null), Rounds = 5 }, progress);
        if (stage == TrainingStage.Training && committed > 2)
        {
            Assert.Single(coordinator.Step(new CoordinatorInput.Tick()).OfType<CoordinatorEffect.Finish>());
            return;
        }

        // A model that was not trained reaches no target, however it was judged.
        coordinator.ToUploading();
        Assert.Equal(stage, coordinator.Spec.Training.Stage);
    }

    [Fact]
    public void AbortedStage_IsOpenedAgain()
    {
        var coordinator = new CoordinatorUnderTest(Standardizing);
        coordinator.ToUploading();
        coordinator.CommitOpenRound();
        Assert.Equal(TrainingStage.Variances, coordinator.Spec.Training.Stage);
        coordinator.AbortRound();
        Assert.Equal((TrainingStage.Variances, new Round(3)), (coordinator.Spec.Training.Stage, coordinator.Spec.Round));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(3, true)]
    public void CommitDone_WithClippedStatistics_IsReported(int clipped, bool reported)
    {
        var coordinator = new CoordinatorUnderTest(Standardizing);
        coordinator.ToCommitting();
        var totals = CoordinatorUnderTest.Totals with { Clipped = (ulong)clipped };
        var effects = coordinator.Step(new CoordinatorInput.CommitDone(coordinator.Spec.Round, Some.Hash("next"), 0.5, totals));
        var events = effects.OfType<CoordinatorEffect.Report>().Select(r => r.Event).ToArray();
        Assert.Equal(TrainingStage.Means, Assert.Single(events.OfType<CoordinatorEvent.Committed>()).Stage);
        Assert.Equal(
            reported ? [new CoordinatorEvent.StatisticsClipped(new Round(1), TrainingStage.Means, 3, 4294967296)] : [],
            events.OfType<CoordinatorEvent.StatisticsClipped>());
    }
}
