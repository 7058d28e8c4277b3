namespace DemoFl.Learning.Tests.Training;

public sealed class PublicDataTests
{
    [DataFact("mnist")]
    public void Train_SoftmaxOnMnist_ClassifiesNineInTen()
    {
        var sets = DemoFl.Learning.Datasets.Load("mnist:" + DataFactAttribute.PathOf("mnist"));
        Assert.Equal((60_000, 10_000), (sets.Train.Count, sets.Test.Count));
        Assert.Equal(new InputShape(1, 28, 28), sets.Train.Input);

        var model = DemoFl.Learning.Models.Parse("softmax", sets.Train.Input, sets.Train.Classes);
        var parameters = model.Initialise(1);
        new LocalTrainer(model, sets.Train).Train(parameters, new TrainingSettings(LearningRate: 0.1f), 1, CancellationToken.None);
        Assert.InRange(Evaluator.Evaluate(model, parameters, sets.Test, CancellationToken.None).Accuracy, 0.89, 0.94);
    }

    [DataFact("mnist")]
    public void Train_CnnOnSomeMnist_ClassifiesNineInTen()
    {
        var sets = DemoFl.Learning.Datasets.Load("mnist:" + DataFactAttribute.PathOf("mnist"));
        var train = sets.Train.Subset([.. Enumerable.Range(0, 3_000)]);
        var model = DemoFl.Learning.Models.Parse("cnn", train.Input, train.Classes);
        var parameters = model.Initialise(1);
        new LocalTrainer(model, train).Train(parameters, new TrainingSettings(Epochs: 1, BatchSize: 10), 1, CancellationToken.None);
        var test = sets.Test.Subset([.. Enumerable.Range(0, 2_000)]);
        Assert.InRange(Evaluator.Evaluate(model, parameters, test, CancellationToken.None).Accuracy, 0.92, 1);
    }

    [DataFact("cifar10")]
    public void Load_Cifar10_HasAllRecords()
    {
        var sets = DemoFl.Learning.Datasets.Load("cifar10:" + DataFactAttribute.PathOf("cifar10"));
        Assert.Equal((10_000, 2_000), (sets.Train.Count, sets.Test.Count));
        Assert.All(Enumerable.Range(0, 10), label => Assert.Equal(200, sets.Test.Labels.ToArray().Count(other => other == label)));
    }

    [DataFact("tabular")]
    public void Train_SoftmaxOnBreastCancer_ClassifiesNineteenInTwenty()
    {
        var sets = DemoFl.Learning.Datasets.Load($"csv:{DataFactAttribute.PathOf("tabular")}/breast_cancer.csv");
        Assert.Equal((569, 2, 30), (sets.Train.Count + sets.Test.Count, sets.Train.Classes, sets.Train.Input.Length));
        var model = DemoFl.Learning.Models.Parse("softmax", sets.Train.Input, 2);
        var parameters = model.Initialise(1);
        new LocalTrainer(model, sets.Train).Train(parameters, new TrainingSettings(Epochs: 10), 1, CancellationToken.None);
        Assert.InRange(Evaluator.Evaluate(model, parameters, sets.Test, CancellationToken.None).Accuracy, 0.94, 1);
    }

    [DataFact("tabular")]
    public void Train_MlpOnDigits_ClassifiesNineInTen()
    {
        var sets = DemoFl.Learning.Datasets.Load($"csv:{DataFactAttribute.PathOf("tabular")}/digits.csv.gz");
        Assert.Equal((1_797, 10, 64), (sets.Train.Count + sets.Test.Count, sets.Train.Classes, sets.Train.Input.Length));
        var model = DemoFl.Learning.Models.Parse("mlp:64", sets.Train.Input, 10);
        var parameters = model.Initialise(1);
        new LocalTrainer(model, sets.Train).Train(parameters, new TrainingSettings(Epochs: 10), 1, CancellationToken.None);
        Assert.InRange(Evaluator.Evaluate(model, parameters, sets.Test, CancellationToken.None).Accuracy, 0.93, 1);
    }
}
