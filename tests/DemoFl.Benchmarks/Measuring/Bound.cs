namespace DemoFl.Benchmarks.Measuring;

/// <summary>On which side of a budget a ratio must be.</summary>
internal enum Bound
{
    /// <summary>More is better: rates.</summary>
    AtLeast,

    /// <summary>Less is better: costs.</summary>
    AtMost,
}
