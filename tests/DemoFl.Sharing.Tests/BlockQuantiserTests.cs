using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests;

public sealed class BlockQuantiserTests
{
    [BlocksTheory]
    [InlineData(RingWidth.Bits16, 1)]
    [InlineData(RingWidth.Bits16, 256)]
    [InlineData(RingWidth.Bits32, 1)]
    [InlineData(RingWidth.Bits32, 37)]
    public void Quantise_AnyLengthAndAlignment_EqualsScalarPath(RingWidth ring, int parties)
    {
        for (var seed = 0; seed < 40; seed++)
        {
            var scenario = new Scenario(ring, 1, 3 + seed, seed);
            var encoding = new Encoding(ring, parties, scenario.Encoding.Clip, 1000);
            var weight = encoding.Weight(scenario.SampleCounts[0]);
            var random = scenario.Roundings[0].AsSpan(4 * (seed % 3));
            var after = scenario.Deltas[0].AsSpan(seed % 3);
            var before = seed % 2 == 0 ? default : after.ToArray().Reverse().ToArray().AsSpan();

            var blocks = new BlockQuantiser(encoding, weight);
            var scalar = new Quantiser(encoding, weight);
            var words = new byte[after.Length * 4];
            var done = blocks.Quantise(before, after, random, ring, words);
            Assert.Equal(after.Length / 8 * 8, done);
            for (var i = 0; i < done; i++)
            {
                var delta = before.IsEmpty ? after[i] : (double)after[i] - before[i];
                var expected = scalar.Quantise(delta, BinaryPrimitives.ReadUInt32LittleEndian(random[(4 * i)..]));
                Assert.True(expected == RingWords.ReadSigned(ring, words, i), $"seed {seed}, coordinate {i}");
            }

            Assert.Equal(scalar.ClippedCount, blocks.ClippedCount);
        }
    }

    [Theory]
    [InlineData(RingWidth.Bits16)]
    [InlineData(RingWidth.Bits32)]
    [InlineData(RingWidth.Bits64)]
    public void Encode_NonFiniteAtAnyPosition_NamesTheFirst(RingWidth ring)
    {
        var encoding = new Encoding(ring, 3, 0.5, 1);
        for (var bad = 0; bad < 35; bad++)
        {
            var delta = new float[35];
            delta[bad] = float.NaN;
            delta[^1] = float.PositiveInfinity;
            var refusal = Assert.Throws<NonFiniteUpdateException>(
                () => FixedPoint.Encode(delta, 1, encoding, new SeededRounding(bad), new RingVector(ring, delta.Length)));
            Assert.Equal(bad, refusal.Index);
        }
    }

    private sealed class BlocksTheoryAttribute : TheoryAttribute
    {
        public BlocksTheoryAttribute()
        {
            if (!Vector256.IsHardwareAccelerated || !BitConverter.IsLittleEndian)
                Skip = "this processor has no 256-bit vectors, the scalar path serves alone";
        }
    }
}
