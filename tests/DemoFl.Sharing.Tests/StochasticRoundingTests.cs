using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests;

public sealed class StochasticRoundingTests
{
    private static readonly Encoding Default = new(RingWidth.Bits32, 10, 0.5, 1000);

    [Fact]
    public void Encode_ZerosAndWholeUnits_AreExactWhateverTheRandomBits()
    {
        // c = 2^(b-1) - 1, so one unit is exactly 1.
        var encoding = new Encoding(RingWidth.Bits16, 64, 511, 1);
        Assert.Equal(1.0, encoding.UnitsPerValue);
        float[] delta = [0, -0f, 1, -1, 2, 510, -511];
        for (var seed = 0; seed < 50; seed++)
        {
            var target = new RingVector(RingWidth.Bits16, delta.Length);
            FixedPoint.Encode(delta, 1, encoding, new SeededRounding(seed), target);
            Assert.Equal([0, 0, 1, -1, 2, 510, -511], Enumerable.Range(0, delta.Length).Select(target.SignedAt));
        }
    }

    [Theory]
    [InlineData(0.25, 0u, 0)]
    [InlineData(0.75, 0u, 1)]
    [InlineData(1.25, 1u, 0)]
    [InlineData(1.75, 1u, 1)]
    [InlineData(4_294_967_040.0, 4_294_967_039u, 1)]
    [InlineData(4_294_967_040.0, 4_294_967_040u, 0)]
    public void Encode_FractionAtTheRoundingBits_ComparesWithTheirMiddle(double fractionIn2To32, uint bits, long expected)
    {
        // Nine coordinates: a block of eight and one by the scalar path.
        var encoding = new Encoding(RingWidth.Bits16, 64, 511, 1);
        var random = new byte[4 * 9];
        for (var i = 0; i < 9; i++)
            BitConverter.TryWriteBytes(random.AsSpan(4 * i), bits);
        var target = new RingVector(RingWidth.Bits16, 9);
        float[] delta = [.. Enumerable.Repeat((float)(fractionIn2To32 / (1L << 32)), 9)];
        FixedPoint.Encode(delta, 1, encoding, new RecordedRounding(random), target);
        Assert.All(Enumerable.Range(0, 9).Select(target.SignedAt), word => Assert.Equal(expected, word));
    }

    [Fact]
    public void Encode_SameRoundingBits_GiveSameWordsAndOthersDoNot()
    {
        var delta = Gaussian(5000, 0.1, 3);
        Assert.Equal(Encoded(delta, 4), Encoded(delta, 4));
        Assert.NotEqual(Encoded(delta, 4), Encoded(delta, 5));
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(-0.25)]
    [InlineData(0.5)]
    [InlineData(0.001)]
    [InlineData(-7.999)]
    [InlineData(-0.0001)]
    [InlineData(123.4567)]
    public void Encode_ManyRoundings_AreUnbiased(double units)
    {
        const int Draws = 200_000;
        var encoding = new Encoding(RingWidth.Bits16, 64, 511, 1);
        var delta = new float[Draws];
        Array.Fill(delta, (float)units);
        var target = new RingVector(RingWidth.Bits16, Draws);
        FixedPoint.Encode(delta, 1, encoding, new SeededRounding(6), target);

        var words = Enumerable.Range(0, Draws).Select(i => (double)target.SignedAt(i)).ToArray();
        double exact = delta[0];
        Assert.All(words, word => Assert.InRange(word, Math.Floor(exact), Math.Ceiling(exact)));
        var up = exact - Math.Floor(exact);
        var sixSigma = 6 * Math.Sqrt(up * (1 - up) / Draws);
        Assert.InRange(words.Average(), exact - sixSigma, exact + sixSigma);
    }

    private static byte[] Encoded(float[] delta, int seed)
    {
        var target = new RingVector(RingWidth.Bits32, delta.Length);
        FixedPoint.Encode(delta, 1, Default, new SeededRounding(seed), target);
        return target.Bytes.ToArray();
    }

    private static float[] Gaussian(int length, double deviation, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, length).Select(_ => (float)(deviation * Gaussian(random)))];
    }

    private static double Gaussian(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
