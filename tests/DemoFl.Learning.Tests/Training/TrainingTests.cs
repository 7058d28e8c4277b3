namespace DemoFl.Learning.Tests.Training;

public sealed class TrainingTests
{
    private static readonly TrainTest Generated = DemoFl.Learning.Datasets.Load("generated");

    [Theory]
    [InlineData("softmax", 0.80, 0.92)]
    [InlineData("mlp:128", 0.90, 1.00)]
    public void FederatedRounds_OnGeneratedSet_ReachExpectedAccuracy(string spec, double low, double high)
    {
        var model = DemoFl.Learning.Models.Parse(spec, Generated.Train.Input, Generated.Train.Classes);
        var parts = Partitioner.Split(Generated.Train, "iid", 10, 1).Select(part => Generated.Train.Subset(part)).ToArray();
        var trainers = parts.Select(part => new LocalTrainer(model, part)).ToArray();
        var global = model.Initialise(1);
        for (var round = 0; round < 10; round++)
        {
            var updates = new List<float[]>();
            foreach (var trainer in trainers)
            {
                var local = global.ToArray();
                trainer.Train(local, new TrainingSettings(), (ulong)round, CancellationToken.None);
                updates.Add(local);
            }

            global = FedAvg.WeightedMean(updates, [.. parts.Select(part => (long)part.Count)]);
        }

        Assert.InRange(Evaluator.Evaluate(model, global, Generated.Test, CancellationToken.None).Accuracy, low, high);
    }
}
