using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DemoFl.Sharing;

/// <summary>
/// From floats to words of Z_2^k and, summed, back. All arithmetic is in IEEE doubles, in one fixed order and without
/// fused multiply-add, so every machine gets the same bytes from the same input and rounding bits.
/// </summary>
public static class FixedPoint
{
    /// <summary>Random bytes taken from the rounding source for each coordinate, in the order of the coordinates.</summary>
    public const int RoundingBytesPerCoordinate = 4;

    private const int PieceLength = 1024;

    /// <summary>
    /// q = SR(clip(w * delta, +-c) * (2^(b-1) - 1) / c), clamped to +-(2^(b-1) - 1) after rounding.
    /// </summary>
    /// <remarks>
    /// <para>
    /// Stochastic rounding: x is rounded up when (r + 1/2) / 2^32 is below x - floor(x), else down, with r the next 32
    /// little-endian bits of the source. That is floor(x + u) for u uniform, and the expectation of q is x within 2^-33.
    /// </para>
    /// <para>
    /// Only b above 53 has more bits than a double: there x is exact to 53 bits, finer than the float it comes from, and
    /// from 2^52 on x is already an integer and is taken as it is. Beyond the range it is clamped, never wrapped.
    /// </para>
    /// </remarks>
    /// <param name="delta">The update W_i - W_t, d values.</param>
    /// <param name="weight">w_i of <see cref="Encoding.Weight"/>, in [0, 1].</param>
    /// <param name="encoding">The round's encoding.</param>
    /// <param name="rounding">Source of the rounding bits.</param>
    /// <param name="target">Receives d words of the encoding's ring; cleared if the update is refused.</param>
    /// <exception cref="ArgumentException">The weight is out of range or the target has another ring or length.</exception>
    /// <exception cref="NonFiniteUpdateException">A coordinate is NaN or infinite.</exception>
    public static EncodeResult Encode(
        ReadOnlySpan<float> delta, double weight, Encoding encoding, IRoundingSource rounding, RingVector target) =>
        Encode(default, delta, weight, encoding, rounding, target);

    /// <summary>
    /// Encodes after - before without a temporary vector; the difference is taken in double, so it neither overflows nor
    /// loses the low bits that a float difference would.
    /// </summary>
    /// <param name="before">W_t, d values.</param>
    /// <param name="after">W_i, d values.</param>
    /// <param name="weight">w_i of <see cref="Encoding.Weight"/>, in [0, 1].</param>
    /// <param name="encoding">The round's encoding.</param>
    /// <param name="rounding">Source of the rounding bits.</param>
    /// <param name="target">Receives d words of the encoding's ring; cleared if the update is refused.</param>
    /// <inheritdoc cref="Encode(ReadOnlySpan{float}, double, Encoding, IRoundingSource, RingVector)" path="/exception"/>
    public static EncodeResult EncodeDelta(
        ReadOnlySpan<float> before,
        ReadOnlySpan<float> after,
        double weight,
        Encoding encoding,
        IRoundingSource rounding,
        RingVector target)
    {
        if (before.Length != after.Length)
            throw new ArgumentException($"Models of {before.Length} and {after.Length} values must have one length.", nameof(after));
        return Encode(before, after, weight, encoding, rounding, target);
    }

    /// <summary>W_{t+1} = W_t + signed(sum q) * ((c / (2^(b-1) - 1)) * (C_max / sum C)), rounded to float at the end.</summary>
    /// <param name="sum">The unmasked sum of the parties' vectors, d words of the encoding's ring.</param>
    /// <param name="encoding">The round's encoding.</param>
    /// <param name="totalSampleCount">Sum C of the sample count lane, 1 to n_max * C_max.</param>
    /// <param name="model">W_t, d values; becomes W_{t+1}.</param>
    /// <exception cref="ArgumentException">The count is out of range or the sum has another ring or length.</exception>
    public static void Apply(RingVector sum, Encoding encoding, ulong totalSampleCount, Span<float> model)
    {
        RequireShape(sum, encoding, model.Length, nameof(sum));
        var limit = (ulong)encoding.MaxParties * encoding.MaxSampleCount;
        if (totalSampleCount < 1 || totalSampleCount > limit)
            throw new ArgumentException($"Total sample count {totalSampleCount} must be in [1, {limit}].", nameof(totalSampleCount));

        var step = encoding.Clip / encoding.MaxUnits * ((double)encoding.MaxSampleCount / totalSampleCount);
        ReadOnlySpan<byte> words = sum.Bytes;
        for (var i = 0; i < model.Length; i++)
        {
            var change = RingWords.ReadSigned(sum.Ring, words, i) * step;
            model[i] = (float)(model[i] + change);
        }
    }

    private static EncodeResult Encode(
        ReadOnlySpan<float> before,
        ReadOnlySpan<float> after,
        double weight,
        Encoding encoding,
        IRoundingSource rounding,
        RingVector target)
    {
        RequireShape(target, encoding, after.Length, nameof(target));
        if (!(weight is >= 0 and <= 1))
            throw new ArgumentException("The weight must be in [0, 1].", nameof(weight));

        Span<byte> random = stackalloc byte[PieceLength * RoundingBytesPerCoordinate];
        var blocks = new BlockQuantiser(encoding, weight);
        var quantiser = new Quantiser(encoding, weight);
        for (var start = 0; start < after.Length; start += PieceLength)
        {
            var length = Math.Min(PieceLength, after.Length - start);
            rounding.Fill(random[..(length * RoundingBytesPerCoordinate)]);
            var done = !BlockQuantiser.Serves(encoding) ? 0 : blocks.Quantise(
                before.IsEmpty ? before : before.Slice(start, length),
                after.Slice(start, length),
                random,
                target.Ring,
                target.Bytes[(start * target.WordSize)..]);
            for (var i = start + done; i < start + length; i++)
            {
                var delta = before.IsEmpty ? after[i] : (double)after[i] - before[i];
                if (!double.IsFinite(delta))
                {
                    target.Clear();
                    throw new NonFiniteUpdateException(i);
                }

                var bits = BinaryPrimitives.ReadUInt32LittleEndian(random[((i - start) * RoundingBytesPerCoordinate)..]);
                target.SetAt(i, quantiser.Quantise(delta, bits));
            }
        }

        CryptographicOperations.ZeroMemory(random);
        return new EncodeResult(blocks.ClippedCount + quantiser.ClippedCount);
    }

    private static void RequireShape(RingVector vector, Encoding encoding, int length, string name)
    {
        if (vector.Ring == encoding.Ring && vector.Length == length)
            return;
        throw new ArgumentException(
            $"A vector of {vector.Length} words of {(int)vector.Ring} bits must be {length} words of {(int)encoding.Ring} bits.", name);
    }
}
