namespace DemoFl.Sharing;

/// <summary>
/// An update holds NaN or infinity and cannot be shared: training diverged. Names the coordinate, never its value.
/// </summary>
public sealed class NonFiniteUpdateException : Exception
{
    /// <summary>An update whose first bad coordinate is unknown.</summary>
    public NonFiniteUpdateException()
        : this("The update holds a coordinate that is not finite.")
    {
    }

    /// <summary>An update described by <paramref name="message"/>.</summary>
    public NonFiniteUpdateException(string message)
        : base(message)
    {
    }

    /// <summary>An update described by <paramref name="message"/>, found by way of another failure.</summary>
    public NonFiniteUpdateException(string message, Exception innerException)
        : base(message, innerException)
    {
    }

    /// <summary>An update whose first non-finite coordinate is <paramref name="index"/>.</summary>
    public NonFiniteUpdateException(int index)
        : this($"Coordinate {index} of the update is not finite: the local training diverged, try a smaller learning rate.") =>
        Index = index;

    /// <summary>The first non-finite coordinate, or -1 where unknown.</summary>
    public int Index { get; } = -1;
}
