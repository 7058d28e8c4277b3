namespace DemoFl.Learning;

/// <summary>What of a data set may be used at all. The loader keeps to it, so that what is beyond never reaches a trainer.</summary>
/// <param name="Columns">The columns of a table that may be read, the label's among them; null for all. Others are not even parsed.</param>
/// <param name="TrainingShare">
/// The share of the training examples that may be used, above 0 and up to 1; at least one stays. The same data give the same examples.
/// </param>
public sealed record DatasetLimits(IReadOnlyList<string>? Columns = null, double TrainingShare = 1)
{
    /// <summary>A stream of draws that no other part of the library uses.</summary>
    private const ulong Seed = 0x6F77_6E65_7273;

    /// <summary>Everything may be used.</summary>
    public static DatasetLimits None { get; } = new();

    internal TrainTest Apply(TrainTest parts) =>
        TrainingShare < 1 ? parts with { Train = HoldOut.Split(parts.Train, 1 - TrainingShare, Seed).Train } : parts;
}
