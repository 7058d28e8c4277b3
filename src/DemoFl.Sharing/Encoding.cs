using System.Globalization;
using System.Numerics;

namespace DemoFl.Sharing;

/// <summary>
/// The fixed-point encoding of one round: how a float becomes a word of Z_2^k such that no sum of
/// <see cref="MaxParties"/> words can overflow. Immutable, safe for concurrent use.
/// </summary>
/// <remarks>
/// With b = k - ceil(log2 n_max), every encoded value lies in [-(2^(b-1) - 1), 2^(b-1) - 1], so that n_max of them
/// stay strictly inside the signed range of k bits. One unit in the last place is c / (2^(b-1) - 1).
/// </remarks>
public sealed record Encoding
{
    /// <summary>The smallest b that still carries an update; fewer bits are refused.</summary>
    public const int MinValueBits = 8;

    /// <summary>The largest n_max, 2^16; <see cref="Lanes"/> counts on it.</summary>
    public const int MaxPartiesLimit = 1 << 16;

    /// <summary>The smallest clip range c, 2^-10.</summary>
    public const double MinClip = 1.0 / 1024;

    /// <summary>The largest clip range c of updates, 2^10.</summary>
    public const double MaxClip = 1024;

    /// <summary>The largest clip range c at all, 2^32: statistics of columns are larger than updates.</summary>
    public const double MaxStatisticsClip = 1L << 32;

    /// <summary>The largest C_max, 2^31 - 1.</summary>
    public const uint MaxSampleCountLimit = int.MaxValue;

    /// <summary>Checks and fixes the encoding of a round.</summary>
    /// <param name="ring">k.</param>
    /// <param name="maxParties">n_max, the parties selected for the round: 1 to 2^16, and few enough to leave b at least 8 bits.</param>
    /// <param name="clip">c, the bound on a weighted coordinate: 2^-10 to 2^32.</param>
    /// <param name="maxSampleCount">C_max, the public bound on a party's sample count: 1 to 2^31 - 1.</param>
    /// <exception cref="ArgumentException">A value is out of range; the message names it and the range.</exception>
    public Encoding(RingWidth ring, int maxParties, double clip, uint maxSampleCount)
    {
        if (ring is not (RingWidth.Bits16 or RingWidth.Bits32 or RingWidth.Bits64))
            throw new ArgumentException($"Ring width k = {(int)ring} must be 16, 32 or 64 bits.", nameof(ring));
        if (maxParties is < 1 or > MaxPartiesLimit)
            throw new ArgumentException($"n_max = {maxParties} parties must be in [1, {MaxPartiesLimit}].", nameof(maxParties));
        if (!(clip is >= MinClip and <= MaxStatisticsClip))
        {
            var value = clip.ToString("R", CultureInfo.InvariantCulture);
            throw new ArgumentException($"Clip range c = {value} must be in [2^-10, 2^32].", nameof(clip));
        }

        if (maxSampleCount is < 1 or > MaxSampleCountLimit)
            throw new ArgumentException($"C_max = {maxSampleCount} samples must be in [1, {MaxSampleCountLimit}].", nameof(maxSampleCount));

        var valueBits = (int)ring - CeilingLog2(maxParties);
        if (valueBits < MinValueBits)
        {
            throw new ArgumentException(
                $"n_max = {maxParties} parties leave b = {valueBits} of k = {(int)ring} bits; b must be at least {MinValueBits}, " +
                $"so n_max must be in [1, {1 << ((int)ring - MinValueBits)}].",
                nameof(maxParties));
        }

        Ring = ring;
        MaxParties = maxParties;
        Clip = clip;
        MaxSampleCount = maxSampleCount;
        ValueBits = valueBits;
        UnitsPerValue = MaxUnits / clip;
    }

    /// <summary>k.</summary>
    public RingWidth Ring { get; }

    /// <summary>n_max, the most parties a sum may hold.</summary>
    public int MaxParties { get; }

    /// <summary>c: weighted coordinates are clipped to [-c, c].</summary>
    public double Clip { get; }

    /// <summary>C_max: sample counts above it weigh as much as it.</summary>
    public uint MaxSampleCount { get; }

    /// <summary>b, the bits of one encoded value including its sign.</summary>
    public int ValueBits { get; }

    /// <summary>(2^(b-1) - 1) / c, the factor from a value to units of the ring, rounded once to double.</summary>
    public double UnitsPerValue { get; }

    /// <summary>2^(b-1) - 1, the largest encoded magnitude.</summary>
    public long MaxUnits => (long)(ulong.MaxValue >> (65 - ValueBits));

    /// <summary>w_i = min(C_i, C_max) / C_max, the weight of a party's update, in [0, 1].</summary>
    /// <param name="sampleCount">C_i, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleCount"/> is negative.</exception>
    public double Weight(long sampleCount) => (double)CappedSampleCount(sampleCount) / MaxSampleCount;

    /// <summary>min(C_i, C_max), the sample count that a party reports in its lane.</summary>
    /// <param name="sampleCount">C_i, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleCount"/> is negative.</exception>
    public uint CappedSampleCount(long sampleCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sampleCount);
        return (uint)Math.Min(sampleCount, MaxSampleCount);
    }

    private static int CeilingLog2(int value) => 32 - BitOperations.LeadingZeroCount((uint)value - 1);
}
