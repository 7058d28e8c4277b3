namespace DemoFl.Learning.Tests.Training;

public sealed class ColumnStatisticsTests
{
    private static readonly Dataset Data = Table(50, 1);
    private static readonly Model Standardized = DemoFl.Learning.Models.Parse("standardized:softmax", Data.Input, 2);

    [Fact]
    public void Measure_OneParty_BringsItsColumnsToMeanZeroAndDeviationOne()
    {
        var parameters = Standardized.Initialise(1);
        var weights = parameters[Standardized.FixedLength..];
        ColumnStatistics.MeasureMeans(Standardized, Data, parameters);
        ColumnStatistics.MeasureVariances(Standardized, Data, parameters);

        Assert.Equal(weights, parameters[Standardized.FixedLength..]);
        for (var column = 0; column < Data.Input.Length; column++)
        {
            var values = Column(Data, column);
            var (mean, deviation) = (values.Average(), Deviation(values));
            Assert.InRange(parameters[column], mean - (1e-6 * Math.Abs(mean)), mean + (1e-6 * Math.Abs(mean)));
            var measured = parameters[Data.Input.Length + column] * Math.Sqrt(parameters[(2 * Data.Input.Length) + column]);
            Assert.InRange(measured, deviation * (1 - 1e-5), deviation * (1 + 1e-5));
        }
    }

    [Fact]
    public void Measure_Parties_AverageToTheStatisticsOfAll()
    {
        Dataset[] parties = [Data.Subset([.. Enumerable.Range(0, 7)]), Data.Subset([.. Enumerable.Range(7, 13)]), Data.Subset([.. Enumerable.Range(20, 30)])];
        long[] counts = [.. parties.Select(p => (long)p.Count)];
        float[] pooled = Standardized.Initialise(1), whole = Standardized.Initialise(1);
        foreach (var measure in new Measure[] { ColumnStatistics.MeasureMeans, ColumnStatistics.MeasureVariances })
        {
            pooled = FedAvg.WeightedMean([.. parties.Select(party => Own(measure, party, pooled))], counts);
            measure(Standardized, Data, whole);
        }

        for (var i = 0; i < Standardized.FixedLength; i++) Assert.InRange(pooled[i], whole[i] - (1e-5 * Math.Abs(whole[i])), whole[i] + (1e-5 * Math.Abs(whole[i])));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.9f)]
    public void Train_WithDecayMomentumAndProximalTerm_LeavesTheScaleToTheBit(float momentum)
    {
        var before = Measured();
        var after = before.ToArray();
        new LocalTrainer(Standardized, Data).Train(after, new TrainingSettings(3, 8, 0.1f, momentum, 0.1f, 0.5f), 1, CancellationToken.None);
        Assert.Equal(before[..Standardized.FixedLength], after[..Standardized.FixedLength]);
        Assert.All(Enumerable.Range(Standardized.FixedLength, before.Length - Standardized.FixedLength), i => Assert.NotEqual(before[i], after[i]));
    }

    [Fact]
    public void Train_Standardized_LearnsWhatWildScalesHide()
    {
        var (train, test) = (Table(400, 2), Table(400, 3));
        var plain = DemoFl.Learning.Models.Parse("softmax", Data.Input, 2);
        var hidden = plain.Initialise(1);
        new LocalTrainer(plain, train).Train(hidden, new TrainingSettings(10, 10, 1e-12f), 1, CancellationToken.None);
        var seen = Measured(train);
        new LocalTrainer(Standardized, train).Train(seen, new TrainingSettings(10, 10, 0.1f), 1, CancellationToken.None);
        Assert.InRange(Evaluator.Evaluate(plain, hidden, test, CancellationToken.None).Accuracy, 0, 0.85);
        Assert.InRange(Evaluator.Evaluate(Standardized, seen, test, CancellationToken.None).Accuracy, 0.9, 1);
    }

    [Fact]
    public void MeasureMeans_ModelWithoutScale_IsRefused() => Assert.Throws<ArgumentException>(
        () => ColumnStatistics.MeasureMeans(DemoFl.Learning.Models.Parse("softmax", Data.Input, 2), Data, new float[14]));

    private delegate void Measure(Model model, Dataset data, Span<float> parameters);

    private static float[] Own(Measure measure, Dataset party, float[] global)
    {
        float[] own = [.. global];
        measure(Standardized, party, own);
        return own;
    }

    private static float[] Measured(Dataset? data = null)
    {
        var parameters = Standardized.Initialise(1);
        ColumnStatistics.MeasureMeans(Standardized, data ?? Data, parameters);
        ColumnStatistics.MeasureVariances(Standardized, data ?? Data, parameters);
        return parameters;
    }

    /// <summary>Six columns, of deviations from 1e-6 to 1e9 and with means of as much again, that all matter alike to the label.</summary>
    private static Dataset Table(int rows, ulong seed)
    {
        double[] scales = [1e-6, 1e-3, 1, 1e3, 1e6, 1e9];
        var random = new SeededRandom(seed);
        var features = new float[rows * scales.Length];
        var labels = new int[rows];
        for (var row = 0; row < rows; row++)
        {
            double sum = 0;
            for (var column = 0; column < scales.Length; column++)
            {
                var value = random.NextBetween(-1, 1);
                sum += value;
                features[(row * scales.Length) + column] = (float)(scales[column] * (value + column - 2));
            }

            labels[row] = sum > 0 ? 1 : 0;
        }

        return new Dataset(new InputShape(1, 1, scales.Length), 2, features, labels);
    }

    private static double[] Column(Dataset data, int column) => [.. Enumerable.Range(0, data.Count).Select(i => (double)data.FeaturesOf(i)[column])];

    private static double Deviation(double[] values) => Math.Sqrt(values.Average(v => Math.Pow(v - values.Average(), 2)));
}
