using System.Buffers.Binary;

namespace DemoFl.Sharing.Paper;

/// <summary>
/// The split that the papers print (DemoFL and SOFL, Algorithm 1): each share is the whole vector times one random scalar, and the scalars add
/// up to one. It hides nothing: every share is parallel to the secret, so whoever holds one knows the update up to a single factor. Kept to
/// be compared with and attacked; nothing that trains uses it. Pure.
/// </summary>
public static class ScalarSplit
{
    /// <summary>Random bytes taken from the source for each share.</summary>
    public const int RandomBytesPerShare = 4;

    /// <summary>The most shares.</summary>
    public const int MaxShares = 1024;

    /// <summary>Share j is update * r_j / (r_1 + ... + r_N), with r_j uniform in (0, 1].</summary>
    /// <param name="update">W_i - W_t, d values.</param>
    /// <param name="shares">N_l, 1 to <see cref="MaxShares"/>.</param>
    /// <param name="random">Source of the scalars.</param>
    /// <returns>N_l shares of d values that add up to the update, within rounding.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="shares"/> is out of range.</exception>
    public static float[][] Split(ReadOnlySpan<float> update, int shares, IRoundingSource random)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shares, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shares, MaxShares);
        var scalars = new double[shares];
        Span<byte> bytes = stackalloc byte[RandomBytesPerShare];
        double total = 0;
        for (var j = 0; j < shares; j++)
        {
            random.Fill(bytes);
            scalars[j] = (BinaryPrimitives.ReadUInt32LittleEndian(bytes) + 1.0) / (uint.MaxValue + 1.0);
            total += scalars[j];
        }

        var result = new float[shares][];
        for (var j = 0; j < shares; j++)
        {
            result[j] = new float[update.Length];
            var scalar = scalars[j] / total;
            for (var i = 0; i < update.Length; i++)
                result[j][i] = (float)(update[i] * scalar);
        }

        return result;
    }
}
