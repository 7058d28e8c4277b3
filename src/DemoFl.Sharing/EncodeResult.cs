namespace DemoFl.Sharing;

/// <summary>What encoding an update lost.</summary>
/// <param name="ClippedCount">Weighted coordinates beyond [-c, c], to be reported in the lane of that name.</param>
public readonly record struct EncodeResult(long ClippedCount);
