using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests;

public sealed class FixedPointTests
{
    private static readonly Encoding Default = new(RingWidth.Bits32, 10, 0.5, 1000);

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(float.PositiveInfinity, 1)]
    [InlineData(float.NegativeInfinity, 1)]
    [InlineData(float.NaN, 0)]
    [InlineData(float.PositiveInfinity, 0)]
    public void Encode_NonFiniteCoordinate_ThrowsWithItsIndexAndClearsTheTarget(float bad, double weight)
    {
        var delta = new float[3000];
        Array.Fill(delta, 0.25f);
        delta[2100] = bad;
        var target = new RingVector(RingWidth.Bits32, delta.Length);

        var refusal = Assert.Throws<NonFiniteUpdateException>(
            () => FixedPoint.Encode(delta, weight, Default, new SeededRounding(1), target));
        Assert.Equal(2100, refusal.Index);
        Assert.DoesNotContain("NaN", refusal.Message, StringComparison.Ordinal);
        Assert.All(target.Bytes.ToArray(), b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(-0.001)]
    [InlineData(1.001)]
    [InlineData(double.NaN)]
    public void Encode_WeightOutOfRange_Throws(double weight) => Assert.Throws<ArgumentException>(
        () => FixedPoint.Encode(new float[2], weight, Default, new SeededRounding(1), new RingVector(RingWidth.Bits32, 2)));

    [Fact]
    public void Encode_TargetOfOtherShape_Throws()
    {
        Assert.Throws<ArgumentException>(
            () => FixedPoint.Encode(new float[2], 1, Default, new SeededRounding(1), new RingVector(RingWidth.Bits32, 3)));
        Assert.Throws<ArgumentException>(
            () => FixedPoint.Encode(new float[2], 1, Default, new SeededRounding(1), new RingVector(RingWidth.Bits64, 2)));
    }

    [Theory]
    [InlineData(RingWidth.Bits16, 2)]
    [InlineData(RingWidth.Bits32, 1)]
    [InlineData(RingWidth.Bits64, 1)]
    [InlineData(RingWidth.Bits64, 1024)]
    public void Encode_AtAndBeyondTheClip_ClampsToTheLargestUnits(RingWidth ring, int parties)
    {
        var encoding = new Encoding(ring, parties, 0.7, 1);
        float[] delta = [0.7f, -0.7f, 0.75f, -0.75f, float.MaxValue, -float.MaxValue];
        foreach (var bits in new byte[] { 0, 0xff })
        {
            var random = new byte[4 * delta.Length];
            Array.Fill(random, bits);
            var target = new RingVector(ring, delta.Length);
            var result = FixedPoint.Encode(delta, 1, encoding, new RecordedRounding(random), target);

            // 0.7f is a little below 0.7, so it is neither clipped nor counted.
            Assert.Equal(4, result.ClippedCount);
            for (var i = 2; i < delta.Length; i++)
                Assert.InRange(target.SignedAt(i) * Math.Sign(delta[i]), encoding.MaxUnits - 1, encoding.MaxUnits);
            Assert.InRange(target.SignedAt(0), 1, encoding.MaxUnits);
            Assert.InRange(target.SignedAt(1), -encoding.MaxUnits, -1);
        }
    }

    [Fact]
    public void Encode_SixtyFourBitsAtFullScale_NeverWraps()
    {
        // b = 64: 2^63 - 1 is no double, c scales to 2^63, one more than a long holds.
        var encoding = new Encoding(RingWidth.Bits64, 1, 1, 1);
        var target = new RingVector(RingWidth.Bits64, 4);
        FixedPoint.Encode([1, -1, MathF.BitDecrement(1), -MathF.BitDecrement(1)], 1, encoding, new SeededRounding(2), target);
        Assert.Equal(long.MaxValue, target.SignedAt(0));
        Assert.Equal(-long.MaxValue, target.SignedAt(1));
        Assert.Equal(long.MaxValue - (1L << 39) + 1, target.SignedAt(2));
        Assert.Equal(-target.SignedAt(2), target.SignedAt(3));
    }

    [Theory]
    [InlineData(RingWidth.Bits16)]
    [InlineData(RingWidth.Bits32)]
    [InlineData(RingWidth.Bits64)]
    public void Encode_ClipThatScalesPastTheLargestUnits_IsClampedAfterRounding(RingWidth ring)
    {
        var pastTheLargest = 0;
        for (var step = 1; step <= 200; step++)
        {
            // b = 48 of 64: few enough bits for a double to tell the product from 2^(b-1) - 1.
            var encoding = new Encoding(ring, ring == RingWidth.Bits64 ? 65_536 : 2, 0.5 + (step / 1000.0), 1);
            pastTheLargest += encoding.Clip * encoding.UnitsPerValue > encoding.MaxUnits ? 1 : 0;
            float[] delta = [.. Enumerable.Range(0, 9).Select(i => i % 2 == 0 ? 1f : -1f)];
            foreach (var bits in new byte[] { 0, 0xff })
            {
                var random = new byte[4 * delta.Length];
                Array.Fill(random, bits);
                var target = new RingVector(ring, delta.Length);
                FixedPoint.Encode(delta, 1, encoding, new RecordedRounding(random), target);
                Assert.All(
                    Enumerable.Range(0, 9).Select(target.SignedAt),
                    word => Assert.InRange(word, -encoding.MaxUnits, encoding.MaxUnits));
            }
        }

        Assert.True(pastTheLargest > 0, "no clip range tried needs the clamp");
    }

    [Fact]
    public void EncodeDelta_TwoModels_EqualsEncodeOfTheirExactDifference()
    {
        // Multiples of 2^-20 below 8 have exact float differences.
        var random = new Random(8);
        float[] before = [.. Enumerable.Range(0, 3001).Select(_ => random.Next(-1 << 22, 1 << 22) / 1048576f)];
        float[] after = [.. before.Select(value => value + (random.Next(-1 << 18, 1 << 18) / 1048576f))];
        float[] delta = [.. after.Zip(before, (a, b) => a - b)];

        var expected = new RingVector(RingWidth.Bits32, delta.Length);
        var actual = new RingVector(RingWidth.Bits32, delta.Length);
        var one = FixedPoint.Encode(delta, 0.7, Default, new SeededRounding(9), expected);
        var two = FixedPoint.EncodeDelta(before, after, 0.7, Default, new SeededRounding(9), actual);
        Assert.Equal(expected.Bytes.ToArray(), actual.Bytes.ToArray());
        Assert.Equal(one, two);
    }

    [Fact]
    public void EncodeDelta_DifferenceBeyondFloat_IsClippedNotRefused()
    {
        var target = new RingVector(RingWidth.Bits32, 1);
        var result = FixedPoint.EncodeDelta([-float.MaxValue], [float.MaxValue], 1, Default, new SeededRounding(1), target);
        Assert.Equal(1, result.ClippedCount);
        Assert.InRange(target.SignedAt(0), Default.MaxUnits - 1, Default.MaxUnits);
    }

    [Fact]
    public void EncodeDelta_NonFiniteBefore_Throws()
    {
        float[] model = [0, float.PositiveInfinity];
        var target = new RingVector(RingWidth.Bits32, 2);
        var refusal = Assert.Throws<NonFiniteUpdateException>(
            () => FixedPoint.EncodeDelta(model, model, 1, Default, new SeededRounding(1), target));
        Assert.Equal(1, refusal.Index);
    }

    [Fact]
    public void EncodeDelta_ModelsOfDifferentLength_Throws() => Assert.Throws<ArgumentException>(() => FixedPoint.EncodeDelta(
        [], [1], 1, Default, new SeededRounding(1), new RingVector(RingWidth.Bits32, 1)));

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public void Apply_TotalSampleCountOutOfRange_Throws(ulong total) => Assert.Throws<ArgumentException>(
        () => FixedPoint.Apply(new RingVector(RingWidth.Bits32, 1), Default, total, new float[1]));

    [Fact]
    public void Apply_SumOfOtherShape_Throws() => Assert.Throws<ArgumentException>(
        () => FixedPoint.Apply(new RingVector(RingWidth.Bits32, 2), Default, 1, new float[1]));

    [Fact]
    public void Apply_ZeroSum_LeavesEveryModelBitAlone()
    {
        float[] model = [0, 1, -3.5f, 1e-45f, float.MaxValue];
        var before = model.ToArray();
        FixedPoint.Apply(new RingVector(RingWidth.Bits32, 5), Default, 7, model);
        Assert.Equal(before, model);
    }
}
