using DemoFl.Learning;
using DemoFl.V1;

namespace DemoFl.Node.Tests.Trainers;

/// <summary>A trainer of the owner's in a federation that standardises its columns.</summary>
public sealed class StandardizedTrainerTests
{
    /// <summary>Four columns: twelve parameters that are not trained, and fifteen that are.</summary>
    private static readonly JobTerms Standardized = FakeTrainer.Job with
    {
        Model = "standardized:softmax", Tensors = Models.Parse("standardized:softmax", FakeTrainer.Job.Input, 3).Layout,
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ObjectionAsync_StandardizedModel_GoesByWhetherTheTrainerMeasures(bool measures)
    {
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne) { Description = new TrainerDescription { Statistics = measures } }.StartAsync();
        using var trainer = fake.Trainer("ada");
        string? objection = await trainer.ObjectionAsync(Standardized, CancellationToken.None);
        Assert.Equal(measures, objection is null);
        Assert.Contains(measures ? "" : "does not say that it can measure them", objection ?? "", StringComparison.Ordinal);
    }

    /// <summary>The fake changes every parameter, as a layer of a user's own might.</summary>
    [Theory]
    [InlineData(TrainingStage.Means, "means", true)]
    [InlineData(TrainingStage.Variances, "variances", true)]
    [InlineData(TrainingStage.Training, "", false)]
    public async Task TrainAsync_StandardizedModel_ChangesWhatTheStageIsFor(TrainingStage stage, string told, bool columns)
    {
        await using var fake = await new FakeTrainer(FakeTrainer.AddOne) { Description = new TrainerDescription { Statistics = true } }.StartAsync();
        using var trainer = fake.Trainer("ada");
        Assert.Null(await trainer.ObjectionAsync(Standardized, CancellationToken.None));
        var parameters = new float[Standardized.Dimension];

        await trainer.TrainAsync(parameters, SpecOf(stage), CancellationToken.None);

        Assert.All(parameters[..12], p => Assert.Equal(columns ? 1 : 0, p));
        Assert.All(parameters[12..], p => Assert.Equal(columns ? 0 : 1, p));
        Assert.Equal(told, fake.Headers.Single().Plan.Stage);
    }

    [Fact]
    public async Task TrainAsync_StageThatTheTrainerNeverSpokeOf_IsNotAskedOfIt()
    {
        var fake = await new FakeTrainer(FakeTrainer.AddOne).StartAsync();
        using var trainer = fake.Trainer("ada");
        await fake.StopAsync();
        Assert.Null(await trainer.ObjectionAsync(Standardized, CancellationToken.None));

        var refused = await Assert.ThrowsAsync<TrainerException>(
            () => trainer.TrainAsync(new float[Standardized.Dimension], SpecOf(TrainingStage.Means), CancellationToken.None));
        Assert.Contains("has not said that it measures them", refused.Message, StringComparison.Ordinal);
    }

    private static RoundSpec SpecOf(TrainingStage stage)
    {
        var spec = Some.Spec(dimension: Standardized.Dimension);
        return spec with { Training = spec.Training with { Model = Standardized.Model, Stage = stage } };
    }
}
