namespace DemoFl.Benchmarks.Measuring;

/// <summary>The bound of a ratio of ours to the reference.</summary>
internal readonly record struct Budget(Bound Bound, double Ratio)
{
    /// <summary>Whether a ratio is within the budget; the budget itself is.</summary>
    public bool Allows(double ratio) => Bound == Bound.AtLeast ? ratio >= Ratio : ratio <= Ratio;
}
