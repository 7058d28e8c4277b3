using System.Numerics;

namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>The encoding in exact integer arithmetic, deliberately dumb: only w * delta and its scaling are doubles.</summary>
internal static class ExactFixedPoint
{
    // Every finite double is a whole multiple of 2^-1074.
    private const int GridBits = 1074;

    public static BigInteger[] Encode(float[] delta, double weight, Encoding encoding, byte[] rounding)
    {
        var words = new BigInteger[delta.Length];
        for (var i = 0; i < delta.Length; i++)
            words[i] = Quantise(delta[i], weight, encoding, BitConverter.ToUInt32(rounding, 4 * i));
        return words;
    }

    public static BigInteger Quantise(float delta, double weight, Encoding encoding, uint random)
    {
        var limit = (BigInteger.One << (encoding.ValueBits - 1)) - 1;
        var value = Math.Min(Math.Max(weight * delta, -encoding.Clip), encoding.Clip);

        // Not (double)limit: the conversion of a BigInteger truncates where that of an integer rounds to nearest.
        var scaled = OnGrid(value * ((Math.ScaleB(1, encoding.ValueBits - 1) - 1) / encoding.Clip));
        var floor = scaled >> GridBits;
        var fraction = scaled - (floor << GridBits);

        // (2 r + 1) / 2^33 < fraction / 2^1074
        var up = (((2 * (BigInteger)random) + 1) << (GridBits - 33)) < fraction;
        return BigInteger.Clamp(floor + (up ? 1 : 0), -limit, limit);
    }

    /// <summary>The value modulo 2^k, as the ring holds it.</summary>
    public static ulong InRing(BigInteger value, RingWidth ring) => (ulong)(value & ((BigInteger.One << (int)ring) - 1));

    public static ulong[] Words(RingVector vector)
    {
        var words = new ulong[vector.Length];
        for (var i = 0; i < words.Length; i++)
            words[i] = InRing(vector.SignedAt(i), vector.Ring);
        return words;
    }

    private static BigInteger OnGrid(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7ff;
        BigInteger magnitude = bits & ((1L << 52) - 1);
        if (exponent > 0)
            magnitude = (magnitude + (1L << 52)) << (exponent - 1);
        return value < 0 ? -magnitude : magnitude;
    }
}
