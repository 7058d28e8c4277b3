namespace DemoFl.Learning;

/// <summary>Splits one table into training and test part and brings its columns to one scale.</summary>
internal static class HoldOut
{
    private const double MinRelativeDeviation = 1e-7;

    /// <summary>A random split; at least one example stays for training.</summary>
    public static TrainTest Split(Dataset data, double testShare, ulong seed)
    {
        var order = Enumerable.Range(0, data.Count).ToArray();
        new SeededRandom(seed).Shuffle(order);
        var test = Math.Min(data.Count - 1, (int)Math.Round(data.Count * testShare));
        return new TrainTest(data.Subset(order.AsSpan(test)), data.Subset(order.AsSpan(0, test)));
    }

    /// <summary>
    /// Shifts and scales every column so that over the training part its mean is 0 and its deviation 1; a constant column becomes 0. The parts as they
    /// were stay within reach (<see cref="Dataset.Unscaled"/>) unless they are <paramref name="asked"/> for like this.
    /// </summary>
    public static TrainTest Standardise(TrainTest parts, bool asked)
    {
        var length = parts.Train.Input.Length;
        var (means, scales) = (new double[length], new double[length]);
        for (var column = 0; column < length; column++)
        {
            double sum = 0, squares = 0;
            for (var i = 0; i < parts.Train.Count; i++) sum += parts.Train.FeaturesOf(i)[column];
            means[column] = sum / parts.Train.Count;
            for (var i = 0; i < parts.Train.Count; i++) squares += Math.Pow(parts.Train.FeaturesOf(i)[column] - means[column], 2);

            // A constant column's deviation is what rounding leaves of zero.
            var deviation = Math.Sqrt(squares / parts.Train.Count);
            scales[column] = deviation > MinRelativeDeviation * Math.Abs(means[column]) ? 1 / deviation : 0;
        }

        return new TrainTest(Apply(parts.Train, means, scales, asked), Apply(parts.Test, means, scales, asked));
    }

    private static Dataset Apply(Dataset data, double[] means, double[] scales, bool asked)
    {
        var features = new float[data.Count * data.Input.Length];
        for (var i = 0; i < data.Count; i++)
        {
            var source = data.FeaturesOf(i);
            for (var j = 0; j < source.Length; j++) features[(i * source.Length) + j] = (float)((source[j] - means[j]) * scales[j]);
        }

        return new Dataset(data.Input, data.Classes, features, [.. data.Labels]).ScaledFrom(asked ? null : data);
    }
}
