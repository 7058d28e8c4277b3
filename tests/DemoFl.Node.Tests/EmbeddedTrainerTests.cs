using DemoFl.Learning;

namespace DemoFl.Node.Tests;

public sealed class EmbeddedTrainerTests : IDisposable
{
    private static readonly Dataset Data = Datasets.Load("generated:train=60,test=10,size=4,classes=3").Train;

    private readonly SemaphoreSlim _turns = new(1);

    private static JobTerms Job => new("softmax", Data.Input, 3, Models.Parse("softmax", Data.Input, 3).Layout, Layout.Masked, 3, 3);

    [Fact]
    public void Objection_JobThatFits_HasNone() => Assert.Null(Trainer("ada").Objection(Job));

    [Fact]
    public void Objection_OtherDimension_NamesBoth() =>
        Assert.Contains("51 parameters here and 52 at the server", Trainer("ada").Objection(Job with { Tensors = new ParameterLayout([new TensorShape("w", [52])]) }), StringComparison.Ordinal);

    [Fact]
    public void Objection_UnknownModel_SaysWhatIsKnown() =>
        Assert.Contains("mlp:UNITS", Trainer("ada").Objection(Job with { Model = "transformer" }), StringComparison.Ordinal);

    [Fact]
    public void Objection_ExternalModel_NamesTheOption() => Assert.Contains(
        "start this node with --trainer",
        Trainer("ada").Objection(new JobTerms(TrainingPlan.ExternalModel, default, 0, new ParameterLayout([new TensorShape("w", [51])]), Layout.Masked, 3, 3)), StringComparison.Ordinal);

    [Fact]
    public async Task TrainAsync_ProximalTermInThePlan_StaysCloserToTheGlobalModel()
    {
        float[] free = await TrainAsync("ada", round: 1, proximal: 0);
        float[] held = await TrainAsync("ada", round: 1, proximal: 5);
        Assert.True(held.Sum(w => w * w) < free.Sum(w => w * w) / 2);
    }

    [Fact]
    public async Task TrainAsync_SameNameRoundAndSeed_TrainsTheSame()
    {
        float[] first = await TrainAsync("ada", round: 1);

        Assert.Equal(first, await TrainAsync("ada", round: 1));
        Assert.NotEqual(first, await TrainAsync("bob", round: 1));
        Assert.NotEqual(first, await TrainAsync("ada", round: 2));
    }

    [Fact]
    public async Task TrainAsync_AnotherModelThanTheJobs_IsRefused()
    {
        var trainer = Trainer("ada");
        trainer.Objection(Job);
        var spec = Some.Spec(dimension: 51);

        await Assert.ThrowsAsync<InvalidOperationException>(
            () => trainer.TrainAsync(new float[51], spec with { Training = spec.Training with { Model = "mlp:4" } }, CancellationToken.None));
    }

    [Fact]
    public async Task TrainAsync_CancelledWhileWaitingItsTurn_GivesUp()
    {
        await _turns.WaitAsync();
        var trainer = Trainer("ada");
        trainer.Objection(Job);
        using var cancelled = new CancellationTokenSource();
        var waiting = trainer.TrainAsync(new float[51], Some.Spec(dimension: 51), cancelled.Token);

        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task TrainAsync_StagesBeforeTraining_MeasureTheColumnsAsTheyAreAndNothingElse()
    {
        using var folder = new WildTableFile();
        var trainer = new EmbeddedTrainer("ada", folder.Load().Train, _turns);
        var model = Models.Parse("standardized:softmax", WildTable.Input, 2);
        Assert.Null(trainer.Objection(new JobTerms(model.Name, WildTable.Input, 2, model.Layout, Layout.Masked, 3, 3)));
        float[] parameters = model.Initialise(1), expected = model.Initialise(1);
        var raw = folder.Load().Train.Unscaled!;
        foreach (var stage in new[] { TrainingStage.Means, TrainingStage.Variances })
        {
            var spec = Some.Spec(dimension: parameters.Length);
            var result = await trainer.TrainAsync(parameters, spec with { Training = spec.Training with { Model = model.Name, Stage = stage } }, CancellationToken.None);
            Assert.Equal(new TrainingResult(raw.Count, 0, 0, 0), result);
        }

        ColumnStatistics.MeasureMeans(model, raw, expected);
        ColumnStatistics.MeasureVariances(model, raw, expected);
        Assert.Equal(expected, parameters);
    }

    [Fact]
    public void Objection_StandardizedModelAndColumnsScaledByTheOwner_NamesTheOption()
    {
        using var folder = new WildTableFile();
        var model = Models.Parse("standardized:softmax", WildTable.Input, 2);
        var job = new JobTerms(model.Name, WildTable.Input, 2, model.Layout, Layout.Masked, 3, 3);
        Assert.Contains("leave scale=standard out", new EmbeddedTrainer("ada", folder.Load(",scale=standard").Train, _turns).Objection(job), StringComparison.Ordinal);
    }

    public void Dispose() => _turns.Dispose();

    private EmbeddedTrainer Trainer(string name) => new(name, Data, _turns);

    private async Task<float[]> TrainAsync(string name, ulong round, double proximal = 0)
    {
        var trainer = Trainer(name);
        Assert.Null(trainer.Objection(Job));
        var parameters = new float[51];
        var spec = Some.Spec(round, dimension: 51);
        spec = spec with { Training = spec.Training with { Proximal = proximal } };
        var result = await trainer.TrainAsync(parameters, spec, CancellationToken.None);
        Assert.Equal(60, result.SampleCount);
        return parameters;
    }
}
