namespace DemoFl.Learning.Tests.Training;

/// <summary>FedProx (Li et al., 2020): local training is pulled back to the global model.</summary>
public sealed class ProximalTests
{
    private static readonly Dataset Data = DemoFl.Learning.Datasets.Load("generated:train=60,test=10,size=6,classes=3").Train;

    [Fact]
    public void Train_OneExample_FollowsTheHandComputedSteps()
    {
        var model = DemoFl.Learning.Models.Parse("softmax", new InputShape(1, 1, 2), 2);
        var data = new Dataset(model.Input, 2, [1, -2], [1]);
        float[] start = [0.1f, 0.2f, -0.3f, 0.4f, 0.5f, -0.6f];
        var trained = start.ToArray();
        new LocalTrainer(model, data).Train(trained, new TrainingSettings(Epochs: 3, LearningRate: 0.1f, Proximal: 2), 1, CancellationToken.None);

        var weights = Array.ConvertAll(start, value => (double)value);
        for (var step = 0; step < 3; step++)
        {
            var logit0 = weights[0] - (2 * weights[1]) + weights[4];
            var logit1 = weights[2] - (2 * weights[3]) + weights[5];
            var probability0 = 1 / (1 + Math.Exp(logit1 - logit0));
            double[] gradient = [probability0, -2 * probability0, -probability0, 2 * probability0, probability0, -probability0];
            for (var i = 0; i < 6; i++) weights[i] -= 0.1 * (gradient[i] + (2 * (weights[i] - start[i])));
        }

        for (var i = 0; i < 6; i++) Assert.Equal(weights[i], trained[i], 1e-5);
    }

    // The first step starts at w_t, where the penalty is flat; the second one is taken away from it.
    [Fact]
    public void Train_SecondStep_DescendsTheLossWithItsPenaltyByItsNumericGradient()
    {
        const float Rate = 0.5f;
        const float Mu = 0.7f;
        var model = DemoFl.Learning.Models.Parse("mlp:5", Data.Input, Data.Classes);
        var anchor = model.Initialise(3);
        var once = anchor.ToArray();
        new LocalTrainer(model, Data).Train(once, new TrainingSettings(1, Data.Count, Rate, Proximal: Mu), 1, CancellationToken.None);
        var twice = anchor.ToArray();
        new LocalTrainer(model, Data).Train(twice, new TrainingSettings(2, Data.Count, Rate, Proximal: Mu), 1, CancellationToken.None);

        const double H = 5e-3;
        for (var i = 0; i < anchor.Length; i += 7)
        {
            var numeric = (Objective(i, H) - Objective(i, -H)) / (2 * H);
            Assert.Equal(numeric, (once[i] - (double)twice[i]) / Rate, 3e-3);
        }

        double Objective(int index, double by)
        {
            var at = once.ToArray();
            at[index] += (float)by;
            var distance = at.Select((w, i) => Math.Pow(w - (double)anchor[i], 2)).Sum();
            return Evaluator.Evaluate(model, at, Data, CancellationToken.None).Loss + (Mu / 2 * distance);
        }
    }

    [Fact]
    public void Train_LargerMu_StaysCloserToTheGlobalModel()
    {
        var model = DemoFl.Learning.Models.Parse("mlp:8", Data.Input, Data.Classes);
        double[] distances = [.. new[] { 0f, 1f, 10f }.Select(mu =>
        {
            var parameters = model.Initialise(1);
            new LocalTrainer(model, Data).Train(parameters, new TrainingSettings(20, 10, 0.05f, Proximal: mu), 1, CancellationToken.None);
            return parameters.Zip(model.Initialise(1), (a, b) => Math.Pow(a - (double)b, 2)).Sum();
        })];
        Assert.True(distances[0] > 2 * distances[1] && distances[1] > 2 * distances[2], string.Join(", ", distances));
    }
}
