namespace DemoFl.Fuzz;

/// <summary>What one input may cost.</summary>
internal static class Bounds
{
    /// <summary>Longer on an idle machine is a find.</summary>
    public static readonly TimeSpan Time = TimeSpan.FromSeconds(1);

    /// <summary>A reader that has not come back by then never will.</summary>
    public static readonly TimeSpan Hang = TimeSpan.FromSeconds(30);

    private const long FixedBytes = 64L * 1024 * 1024;
    private const long BytesPerByte = 256;

    /// <summary>What may be allocated for an input of a length, in bytes, all together.</summary>
    public static long AllocationFor(int inputBytes) => FixedBytes + (BytesPerByte * inputBytes);
}
