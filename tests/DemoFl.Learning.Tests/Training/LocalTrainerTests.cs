namespace DemoFl.Learning.Tests.Training;

public sealed class LocalTrainerTests
{
    private static readonly Dataset Data = DemoFl.Learning.Datasets.Load("generated:train=300,test=10,size=8").Train;

    [Theory]
    [InlineData("softmax")]
    [InlineData("mlp:32")]
    [InlineData("cnn")]
    public void Train_MoreEpochs_LowersTheLoss(string spec)
    {
        var model = DemoFl.Learning.Models.Parse(spec, Data.Input, Data.Classes);
        var trainer = new LocalTrainer(model, Data);
        var parameters = model.Initialise(1);

        var first = trainer.Train(parameters, new TrainingSettings(BatchSize: 10), 1, CancellationToken.None);
        trainer.Train(parameters, new TrainingSettings(Epochs: 5, BatchSize: 10), 2, CancellationToken.None);
        var last = trainer.Train(parameters, new TrainingSettings(BatchSize: 10), 3, CancellationToken.None);

        Assert.True(last.LossSum < 0.8 * first.LossSum, $"{spec}: the loss went from {first.LossSum} to {last.LossSum}");
        Assert.True(last.Correct > first.Correct);
        Assert.Equal((300, 300), (last.SampleCount, last.Evaluated));
    }

    [Theory]
    [InlineData("mlp:32", 7)]
    [InlineData("cnn", 100)]
    public void Train_SameSeed_GivesTheSameBitsWhateverCameBefore(string spec, int batchSize)
    {
        var model = DemoFl.Learning.Models.Parse(spec, Data.Input, Data.Classes);
        var settings = new TrainingSettings(BatchSize: batchSize, Momentum: 0.9f, LearningRate: 0.01f);
        var fresh = model.Initialise(1);
        var result = new LocalTrainer(model, Data).Train(fresh, settings, 5, CancellationToken.None);

        var used = new LocalTrainer(model, Data);
        used.Train(model.Initialise(9), new TrainingSettings(BatchSize: 3, Momentum: 0.5f, LearningRate: 0.01f), 8, CancellationToken.None);
        var again = model.Initialise(1);
        var resultAgain = used.Train(again, settings, 5, CancellationToken.None);

        Assert.Equal(fresh, again);
        Assert.Equal(result, resultAgain);
        used.Train(again = model.Initialise(1), settings, 6, CancellationToken.None);
        Assert.NotEqual(fresh, again);
    }

    // One example and a full batch: the steps can be followed by hand from the gradient.
    [Fact]
    public void Train_MomentumAndDecay_FollowPyTorchsUpdate()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", new InputShape(1, 1, 2), 2);
        var data = new Dataset(model.Input, 2, [1, -2], [1]);
        var settings = new TrainingSettings(Epochs: 3, LearningRate: 0.1f, Momentum: 0.8f, WeightDecay: 0.05f);
        float[] start = [0.1f, 0.2f, -0.3f, 0.4f, 0.5f, -0.6f];
        var trained = start.ToArray();

        new LocalTrainer(model, data).Train(trained, settings, 1, CancellationToken.None);

        var weights = Array.ConvertAll(start, value => (double)value);
        var velocity = new double[6];
        for (var step = 0; step < 3; step++)
        {
            var logit0 = weights[0] - (2 * weights[1]) + weights[4];
            var logit1 = weights[2] - (2 * weights[3]) + weights[5];
            var probability0 = 1 / (1 + Math.Exp(logit1 - logit0));
            double[] gradient = [probability0, -2 * probability0, -probability0, 2 * probability0, probability0, -probability0];
            for (var i = 0; i < 6; i++)
            {
                velocity[i] = (0.8 * velocity[i]) + gradient[i] + (0.05 * weights[i]);
                weights[i] -= 0.1 * velocity[i];
            }
        }

        for (var i = 0; i < 6; i++) Assert.Equal(weights[i], trained[i], 1e-5);
    }

    [Theory]
    [InlineData("mlp:32")]
    [InlineData("cnn")]
    public void Train_SecondRound_AllocatesNothingPerStep(string spec)
    {
        var model = DemoFl.Learning.Models.Parse(spec, Data.Input, Data.Classes);
        var trainer = new LocalTrainer(model, Data);
        var parameters = model.Initialise(1);
        trainer.Train(parameters, new TrainingSettings(BatchSize: 10), 1, CancellationToken.None);

        var before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Train(parameters, new TrainingSettings(BatchSize: 10), 2, CancellationToken.None);

        // 30 steps; what remains is the generator, the settings and the result.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 2_000);
    }

    [Fact]
    public void Train_Cancelled_LeavesParametersUnchanged()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", Data.Input, Data.Classes);
        using var cancellation = new CancellationTokenSource();
        var parameters = model.Initialise(1);
        var steps = 0;
        var progress = new Callback(_ =>
        {
            if (++steps == 3) cancellation.Cancel();
        });
        Assert.Throws<OperationCanceledException>(
            () => new LocalTrainer(model, Data).Train(parameters, new TrainingSettings(), 1, cancellation.Token, progress));
        Assert.Equal(3, steps);
        Assert.Equal(model.Initialise(1), parameters);
    }

    [Fact]
    public void Train_Progress_RisesToOne()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", Data.Input, Data.Classes);
        var shares = new List<double>();
        new LocalTrainer(model, Data).Train(
            model.Initialise(1), new TrainingSettings(Epochs: 2, BatchSize: 128), 1, CancellationToken.None, new Callback(shares.Add));
        Assert.Equal(6, shares.Count);
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1]);
    }

    [Fact]
    public void Train_TooLargeLearningRate_SaysSo()
    {
        var model = DemoFl.Learning.Models.Parse("mlp:32", Data.Input, Data.Classes);
        var error = Assert.Throws<TrainingDivergedException>(
            () => new LocalTrainer(model, Data).Train(model.Initialise(1), new TrainingSettings(20, 4, 100), 1, CancellationToken.None));
        Assert.Equal(100, error.LearningRate);
        Assert.Contains("lower lr, which is 100", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_WhatDoesNotFit_IsRefused()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", new InputShape(1, 1, 3), 2);
        Assert.Throws<ArgumentException>(() => new LocalTrainer(model, Data));
        Assert.Throws<ArgumentException>(() => new LocalTrainer(model, new Dataset(model.Input, 2, [], [])));
        var trainer = new LocalTrainer(model, new Dataset(model.Input, 2, [1, 2, 3], [0]));
        Assert.Throws<ArgumentException>(() => trainer.Train(new float[5], new TrainingSettings(), 1, CancellationToken.None));
    }

    [Fact]
    public void Validate_SeveralSettingsOutOfRange_NamesAll()
    {
        var bad = new TrainingSettings(0, 0, float.NaN, 1, -1, 101);
        var error = Assert.Throws<ArgumentException>(bad.Validate);
        foreach (var name in (string[])["Epochs", "BatchSize", "LearningRate", "Momentum", "WeightDecay", "Proximal"])
            Assert.Contains(name + " is", error.Message, StringComparison.Ordinal);
        Assert.Empty(new TrainingSettings().Errors());
    }

    private sealed class Callback(Action<double> action) : IProgress<double>
    {
        public void Report(double value) => action(value);
    }
}
