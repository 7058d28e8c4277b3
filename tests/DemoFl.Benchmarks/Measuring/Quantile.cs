namespace DemoFl.Benchmarks.Measuring;

/// <summary>Quantiles of few numbers, by linear interpolation between the two nearest ranks.</summary>
internal static class Quantile
{
    /// <summary>The middle value, or the mean of the two in the middle.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Median(IReadOnlyCollection<double> values) => Of(values, 0.5);

    /// <summary>The value below which the given fraction, 0 to 1, of the values lies.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Of(IReadOnlyCollection<double> values, double fraction)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(fraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(fraction, 1);
        if (values.Count == 0) throw new ArgumentException("There are no values.", nameof(values));

        double[] sorted = [.. values.Order()];
        var rank = fraction * (sorted.Length - 1);
        var below = (int)rank;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((rank - below) * (sorted[above] - sorted[below]));
    }
}
