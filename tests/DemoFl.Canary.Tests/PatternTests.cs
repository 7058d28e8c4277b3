using System.Runtime.InteropServices;
using DemoFl.Sharing;

namespace DemoFl.Canary.Tests;

/// <summary>The pattern is exact in every form, whichever way stochastic rounding falls: what is searched is what would leak.</summary>
public sealed class PatternTests
{
    [Fact]
    public void Write_AnyParameters_EncodesToExactlyItsWords()
    {
        var encoding = new DemoFl.Sharing.Encoding(RingWidth.Bits32, 3, Pattern.Clip, 1000);
        Assert.Equal(1 << 30, encoding.UnitsPerValue);
        for (int seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            float[] before = [.. Enumerable.Range(0, 5_000).Select(_ => (random.NextSingle() - 0.5f) * 0.5f)];
            float[] after = [.. before];
            var pattern = Pattern.Write(after, random);
            int end = pattern.Start + Pattern.Length;
            Assert.Equal(pattern.Trained, MemoryMarshal.AsBytes(after.AsSpan()[pattern.Start..end]).ToArray());
            foreach (byte fill in (byte[])[0, 0x80, 0xff])
            {
                var vector = new RingVector(RingWidth.Bits32, before.Length);
                FixedPoint.EncodeDelta(before, after, encoding.Weight(1000), encoding, new Constant(fill), vector);
                Assert.Equal(pattern.Words, vector.Bytes[(pattern.Start * 4)..(end * 4)].ToArray());
            }
        }
    }

    [Fact]
    public void Parse_OfToString_IsTheSameBytes()
    {
        float[] parameters = [.. Enumerable.Repeat(0.1f, 40)];
        var pattern = Pattern.Write(parameters, new Random(1));
        var parsed = Pattern.Parse(pattern.ToString());
        Assert.Equal(pattern.Trained, parsed.Trained);
        Assert.Equal(pattern.Delta, parsed.Delta);
        Assert.Equal(pattern.Words, parsed.Words);
        Assert.Equal(0, pattern.Start);
    }

    private sealed class Constant(byte value) : IRoundingSource
    {
        public void Fill(Span<byte> bytes) => bytes.Fill(value);
    }
}
