using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DemoFl.Sharing;

/// <summary>
/// <see cref="Quantiser"/> for eight coordinates at a time, bit for bit the same; for rings of 16 and 32 bits, whose units
/// are whole numbers that a double holds exactly.
/// </summary>
internal struct BlockQuantiser(Encoding encoding, double weight)
{
    private const int BlockLength = 8;

    // Added to a whole number below 2^51 in magnitude, it leaves that number in the low bits of the double.
    private const double WholeNumberBias = 3L << 51;

    private readonly Vector256<double> _weight = Vector256.Create(weight);
    private readonly Vector256<double> _clip = Vector256.Create(encoding.Clip);
    private readonly Vector256<double> _unitsPerValue = Vector256.Create(encoding.UnitsPerValue);
    private readonly Vector256<double> _maxUnits = Vector256.Create((double)encoding.MaxUnits);
    private Vector256<long> _clipped;

    public readonly long ClippedCount => Vector256.Sum(_clipped);

    public static bool Serves(Encoding encoding) =>
        Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian && encoding.Ring != RingWidth.Bits64;

    /// <summary>Encodes whole blocks up to the first that is not finite; returns how many coordinates that were.</summary>
    public int Quantise(ReadOnlySpan<float> before, ReadOnlySpan<float> after, ReadOnlySpan<byte> random, RingWidth ring, Span<byte> words)
    {
        var bits = MemoryMarshal.Cast<byte, uint>(random);
        var at = 0;
        for (; at <= after.Length - BlockLength; at += BlockLength)
        {
            var (lower, upper) = Vector256.Widen(Vector256.Create(after[at..]));
            if (!before.IsEmpty)
            {
                var (lowerBefore, upperBefore) = Vector256.Widen(Vector256.Create(before[at..]));
                lower -= lowerBefore;
                upper -= upperBefore;
            }

            if ((Vector256.IsFinite(lower) & Vector256.IsFinite(upper)).AsInt64() != Vector256<long>.AllBitsSet)
                break;
            var (lowerBits, upperBits) = Vector256.Widen(Vector256.Create(bits[at..]));
            var units = Vector256.Narrow(Units(lower, lowerBits), Units(upper, upperBits));
            if (ring == RingWidth.Bits32)
                units.AsByte().CopyTo(words[(at * sizeof(int))..]);
            else
                Vector128.Narrow(units.GetLower(), units.GetUpper()).AsByte().CopyTo(words[(at * sizeof(short))..]);
        }

        return at;
    }

    private Vector256<long> Units(Vector256<double> delta, Vector256<ulong> random)
    {
        var value = _weight * delta;
        _clipped -= Vector256.GreaterThan(Vector256.Abs(value), _clip).AsInt64();
        value = Vector256.Min(Vector256.Max(value, -_clip), _clip);

        var scaled = value * _unitsPerValue;
        var floor = Vector256.Floor(scaled);
        var chance = (scaled - floor) * Vector256.Create(Quantiser.RoundingRange);
        var roundsUp = Vector256.LessThan(Vector256.ConvertToDouble(random) + Vector256.Create(0.5), chance);
        var units = floor + (roundsUp & Vector256<double>.One);
        units = Vector256.Min(Vector256.Max(units, -_maxUnits), _maxUnits);
        return (units + Vector256.Create(WholeNumberBias)).AsInt64() - Vector256.Create(WholeNumberBias).AsInt64();
    }
}
