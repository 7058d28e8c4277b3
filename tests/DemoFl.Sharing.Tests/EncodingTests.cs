using System.Numerics;

namespace DemoFl.Sharing.Tests;

public sealed class EncodingTests
{
    [Theory]
    [InlineData(RingWidth.Bits32, 1, 32)]
    [InlineData(RingWidth.Bits32, 2, 31)]
    [InlineData(RingWidth.Bits32, 3, 30)]
    [InlineData(RingWidth.Bits32, 4, 30)]
    [InlineData(RingWidth.Bits32, 5, 29)]
    [InlineData(RingWidth.Bits16, 256, 8)]
    [InlineData(RingWidth.Bits64, 65_536, 48)]
    public void ValueBits_AnyParties_AreWidthLessCeilingOfLog2(RingWidth ring, int parties, int bits)
    {
        var encoding = new Encoding(ring, parties, 0.5, 1000);
        Assert.Equal(bits, encoding.ValueBits);
        Assert.Equal((double)((BigInteger.One << (bits - 1)) - 1) / 0.5, encoding.UnitsPerValue);
    }

    [Theory]
    [InlineData(RingWidth.Bits16, 256)]
    [InlineData(RingWidth.Bits32, 65_536)]
    [InlineData(RingWidth.Bits64, 65_536)]
    public void MaxUnits_TimesMaxParties_StaysInsideTheSignedRange(RingWidth ring, int most)
    {
        for (var parties = 1; parties <= most; parties++)
        {
            var encoding = new Encoding(ring, parties, 1, 1);
            Assert.True(new BigInteger(encoding.MaxUnits) * parties < BigInteger.One << ((int)ring - 1), $"n_max = {parties}");
        }
    }

    [Fact]
    public void Constructor_FewerThanEightValueBits_NamesPartiesAndRange()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new Encoding(RingWidth.Bits16, 257, 0.5, 1000));
        Assert.Equal("maxParties", refusal.ParamName);
        Assert.Contains("n_max = 257", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("[1, 256]", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(24, 3, 0.5, 1000u, "ring", "24")]
    [InlineData(32, 0, 0.5, 1000u, "maxParties", "[1, 65536]")]
    [InlineData(64, 65_537, 0.5, 1000u, "maxParties", "65537")]
    [InlineData(32, 3, 0.0009, 1000u, "clip", "0.0009")]
    [InlineData(32, 3, 4294967297.0, 1000u, "clip", "[2^-10, 2^32]")]
    [InlineData(32, 3, double.NaN, 1000u, "clip", "NaN")]
    [InlineData(32, 3, 0.5, 0u, "maxSampleCount", "C_max = 0")]
    [InlineData(32, 3, 0.5, 2_147_483_648u, "maxSampleCount", "[1, 2147483647]")]
    public void Constructor_ValueOutOfRange_NamesIt(int ring, int parties, double clip, uint maxSampleCount, string name, string says)
    {
        var refusal = Assert.Throws<ArgumentException>(() => new Encoding((RingWidth)ring, parties, clip, maxSampleCount));
        Assert.Equal(name, refusal.ParamName);
        Assert.Contains(says, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.001)]
    [InlineData(1000, 1)]
    [InlineData(1001, 1)]
    [InlineData(long.MaxValue, 1)]
    public void Weight_SampleCount_IsCappedShareOfMaximum(long samples, double weight) =>
        Assert.Equal(weight, new Encoding(RingWidth.Bits32, 3, 0.5, 1000).Weight(samples));

    [Fact]
    public void Weight_NegativeSampleCount_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new Encoding(RingWidth.Bits32, 3, 0.5, 1000).Weight(-1));
}
