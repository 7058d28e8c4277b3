using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests;

/// <summary>DESIGN C4, second half: the distance to float FedAvg stays within |B| * ulp * C_max / sum C.</summary>
public sealed class AccuracyTests
{
    private const double DoubleRounding = 1.0 / (1L << 53);
    private const double FloatRounding = 1.0 / (1L << 24);

    public static TheoryData<RingWidth, int, uint> Rounds
    {
        get
        {
            var rounds = new TheoryData<RingWidth, int, uint>();
            foreach (var ring in new[] { RingWidth.Bits16, RingWidth.Bits32, RingWidth.Bits64 })
            {
                foreach (var parties in new[] { 1, 2, 7, 32, 33 })
                {
                    rounds.Add(ring, parties, 1);
                    rounds.Add(ring, parties, 1000);
                }
            }

            return rounds;
        }
    }

    [Theory]
    [MemberData(nameof(Rounds))]
    public void Apply_UnclippedUpdates_StaysWithinTheBoundOfFedAvg(RingWidth ring, int parties, uint maxSampleCount)
    {
        const int Length = 500;
        for (var seed = 0; seed < 4; seed++)
        {
            var random = new Random(seed);
            var encoding = new Encoding(ring, parties, 0.5, maxSampleCount);
            long[] counts = [.. Enumerable.Range(0, parties).Select(i => i == 0 ? 1 : random.NextInt64(0, 2 * maxSampleCount))];
            float[][] deltas = [.. counts.Select(_ => Uniform(Length, encoding.Clip, random))];
            var total = counts.Aggregate(0UL, (sum, c) => sum + encoding.CappedSampleCount(c));

            // From W_t = 0 the float result has the precision of the step itself.
            foreach (var start in new[] { 0f, 1.5f })
            {
                var model = Enumerable.Repeat(start, Length).ToArray();
                FixedPoint.Apply(Sum(counts, deltas, encoding, seed), encoding, total, model);
                for (var i = 0; i < Length; i++)
                {
                    var expected = start + FedAvg(counts, deltas, encoding, i);
                    var bound = Bound(encoding, parties, total) + (FloatRounding * Math.Abs(expected)) + float.Epsilon;
                    var says = $"seed {seed}, coordinate {i}: {model[i]:R} is not {expected:R} +- {bound:R}";
                    Assert.True(Math.Abs(model[i] - expected) <= bound, says);
                }
            }
        }
    }

    // |B| * ulp * C_max / sum C for the rounding to units, and for the doubles on the way (weight, product, scale, sum,
    // step: at most 8 roundings a party) their share of the largest possible sum, |B| * c * C_max / sum C.
    private static double Bound(Encoding encoding, int parties, ulong total)
    {
        var ulp = encoding.Clip / encoding.MaxUnits;
        return parties * (ulp + (8 * DoubleRounding * encoding.Clip)) * encoding.MaxSampleCount / total;
    }

    private static double FedAvg(long[] counts, float[][] deltas, Encoding encoding, int coordinate)
    {
        double sum = 0, weight = 0;
        for (var party = 0; party < counts.Length; party++)
        {
            double count = encoding.CappedSampleCount(counts[party]);
            sum += count * deltas[party][coordinate];
            weight += count;
        }

        return sum / weight;
    }

    private static RingVector Sum(long[] counts, float[][] deltas, Encoding encoding, int seed)
    {
        var sum = new RingVector(encoding.Ring, deltas[0].Length);
        var update = new RingVector(encoding.Ring, deltas[0].Length);
        var rounding = new SeededRounding(seed);
        for (var party = 0; party < counts.Length; party++)
        {
            var result = FixedPoint.Encode(deltas[party], encoding.Weight(counts[party]), encoding, rounding, update);
            Assert.Equal(0, result.ClippedCount);
            sum.Add(update);
        }

        return sum;
    }

    private static float[] Uniform(int length, double clip, Random random) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)(0.999 * clip * ((2 * random.NextDouble()) - 1)))];
}
