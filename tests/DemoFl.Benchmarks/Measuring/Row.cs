namespace DemoFl.Benchmarks.Measuring;

/// <summary>One line of the report: a figure of ours beside the same figure of a reference measured in turn with it.</summary>
/// <param name="Name">What was measured, e.g. <c>upload</c>.</param>
/// <param name="Unit">The unit of both figures.</param>
/// <param name="Ours">Our median.</param>
/// <param name="Reference">The reference's median.</param>
/// <param name="Ratio">
/// The median over the repetitions of ours divided by the reference's, each with the one that ran right after it: a machine that
/// slows down slows both. Hence not exactly the quotient of the two medians.
/// </param>
/// <param name="RatioLow">The lower quartile of those ratios.</param>
/// <param name="RatioHigh">Their upper quartile.</param>
/// <param name="Budget">What the ratio must keep to; null for a row that only informs.</param>
/// <param name="Ok">Whether it does; null where it is not judged.</param>
internal sealed record Row(
    string Name, string Unit, double Ours, double Reference, double Ratio, double RatioLow, double RatioHigh, Budget? Budget, bool? Ok)
{
    /// <summary>Compares two series of equal length, taken in turn.</summary>
    /// <exception cref="ArgumentException">The series are empty or of different lengths.</exception>
    public static Row Compare(
        string name, string unit, IReadOnlyList<double> ours, IReadOnlyList<double> reference, Budget? budget, bool judged)
    {
        if (ours.Count != reference.Count) throw new ArgumentException("The series differ in length.", nameof(reference));
        double[] ratios = [.. ours.Zip(reference, (a, b) => a / b)];
        var ratio = Quantile.Median(ratios);
        return new Row(
            name, unit, Quantile.Median(ours), Quantile.Median(reference), ratio, Quantile.Of(ratios, 0.25), Quantile.Of(ratios, 0.75),
            budget, judged ? budget?.Allows(ratio) : null);
    }
}
