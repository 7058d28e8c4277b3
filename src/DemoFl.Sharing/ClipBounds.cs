namespace DemoFl.Sharing;

/// <summary>A job's bounds on the clip range c.</summary>
/// <param name="Minimum">The smallest c, at least 2^-10.</param>
/// <param name="Maximum">The largest c, at least the minimum and at most 2^10.</param>
public readonly record struct ClipBounds(double Minimum, double Maximum);
