namespace DemoFl.Learning.Tests.Training;

public sealed class EvaluatorTests
{
    private static readonly Dataset Data = DemoFl.Learning.Datasets.Load("generated:train=333,test=10,size=8").Train;

    [Fact]
    public void Evaluate_AnyNumberOfThreads_GivesTheSameBits()
    {
        var model = DemoFl.Learning.Models.Parse("mlp:20", Data.Input, Data.Classes);
        var parameters = model.Initialise(1);
        var one = Evaluator.Evaluate(model, parameters, Data, CancellationToken.None);
        Assert.Equal(one, Evaluator.Evaluate(model, parameters, Data, CancellationToken.None, threads: 4));
        Assert.Equal(333, one.Count);
        var predictions = Evaluator.Predict(model, parameters, Data, CancellationToken.None, threads: 2);
        Assert.Equal(one.Accuracy, predictions.Zip(Data.Labels.ToArray()).Count(pair => pair.First == pair.Second) / 333.0);
    }

    [Fact]
    public void Evaluate_ZeroParameters_GivesTheLossOfGuessing()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", Data.Input, Data.Classes);
        var evaluation = Evaluator.Evaluate(model, new float[model.Layout.Length], Data, CancellationToken.None);
        Assert.Equal(Math.Log(10), evaluation.Loss, 6);
    }

    [Fact]
    public void Evaluate_HugeLogits_DoesNotOverflow()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", new InputShape(1, 1, 1), 2);
        var data = new Dataset(model.Input, 2, [1, 1], [0, 1]);
        var evaluation = Evaluator.Evaluate(model, [1e30f, -1e30f, 0, 0], data, CancellationToken.None);
        Assert.Equal(1e30, evaluation.Loss, 1e25);
        Assert.Equal(0.5, evaluation.Accuracy);
    }

    [Fact]
    public void Evaluate_WhatDoesNotFit_IsRefused()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", Data.Input, Data.Classes);
        var parameters = model.Initialise(1);
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(model, parameters, Data.Subset([]), CancellationToken.None));
        Assert.Throws<ArgumentException>(() => Evaluator.Evaluate(model, parameters.AsSpan(1), Data, CancellationToken.None));
        Assert.Throws<ArgumentOutOfRangeException>(() => Evaluator.Evaluate(model, parameters, Data, CancellationToken.None, threads: 0));
        Assert.Empty(Evaluator.Predict(model, parameters, Data.Subset([]), CancellationToken.None));
        Assert.Throws<OperationCanceledException>(() => Evaluator.Evaluate(model, parameters, Data, new CancellationToken(true)));
    }

    [Fact]
    public void WeightedMean_Parties_WeighsBySampleCount()
    {
        Assert.Equal([4f, -1f], FedAvg.WeightedMean([[1, 2], [5, -2]], [1, 3]));
        Assert.Equal([1f, 2f], FedAvg.WeightedMean([[1, 2], [5, -2]], [7, 0]));
        Assert.Throws<ArgumentException>(() => FedAvg.WeightedMean([], []));
        Assert.Throws<ArgumentException>(() => FedAvg.WeightedMean([[1], [1, 2]], [1, 1]));
        Assert.Throws<ArgumentException>(() => FedAvg.WeightedMean([[1], [2]], [0, 0]));
        Assert.Throws<ArgumentException>(() => FedAvg.WeightedMean([[1], [2]], [2, -1]));
    }
}
