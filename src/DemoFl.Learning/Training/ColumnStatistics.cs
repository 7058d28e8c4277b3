namespace DemoFl.Learning;

/// <summary>
/// A party's own statistics of its columns, put where a standardized model keeps the federation's: averaged over parties, weighted by their counts
/// of examples, they are those of all examples together. In doubles, example by example, rounded to float32 at the end. Thread-safe.
/// </summary>
public static class ColumnStatistics
{
    /// <summary>The mean and the mean magnitude of every column take the place of <paramref name="parameters"/>'; all else stays.</summary>
    /// <exception cref="ArgumentException">The model is not standardized, or does not suit the data or the parameters.</exception>
    public static void MeasureMeans(Model model, Dataset data, Span<float> parameters)
    {
        Require(model, data, parameters.Length);
        var (sums, magnitudes) = (new double[model.Input.Length], new double[model.Input.Length]);
        for (var example = 0; example < data.Count; example++)
        {
            var features = data.FeaturesOf(example);
            for (var column = 0; column < features.Length; column++)
            {
                sums[column] += features[column];
                magnitudes[column] += Math.Abs((double)features[column]);
            }
        }

        ScalingLayer.Split(parameters[..model.FixedLength], out var ownMeans, out var ownMagnitudes, out _);
        Divide(sums, data.Count, ownMeans);
        Divide(magnitudes, data.Count, ownMagnitudes);
    }

    /// <summary>
    /// The mean square of every column's distance from the mean in <paramref name="parameters"/>, in squares of the magnitude there, takes the place of
    /// the variance; all else stays.
    /// </summary>
    /// <exception cref="ArgumentException">The model is not standardized, or does not suit the data or the parameters.</exception>
    public static void MeasureVariances(Model model, Dataset data, Span<float> parameters)
    {
        Require(model, data, parameters.Length);
        ScalingLayer.Split(parameters[..model.FixedLength], out var means, out var magnitudes, out var ownVariances);
        var squares = new double[means.Length];
        for (var example = 0; example < data.Count; example++)
        {
            var features = data.FeaturesOf(example);
            for (var column = 0; column < features.Length; column++)
            {
                var distance = magnitudes[column] > 0 ? ((double)features[column] - means[column]) / magnitudes[column] : 0;
                squares[column] += distance * distance;
            }
        }

        Divide(squares, data.Count, ownVariances);
    }

    private static void Require(Model model, Dataset data, int parameters)
    {
        model.RequireFits(data);
        model.RequireLength(parameters);
        if (model.FixedLength == 0) throw new ArgumentException($"The model {model.Name} does not standardize its columns.", nameof(model));
        if (data.Count == 0) throw new ArgumentException("There is nothing to measure: the data set is empty.", nameof(data));
    }

    // What is beyond every float is beyond every clip as well.
    private static void Divide(double[] sums, int count, Span<float> means)
    {
        for (var i = 0; i < sums.Length; i++) means[i] = (float)Math.Clamp(sums[i] / count, -float.MaxValue, float.MaxValue);
    }
}
