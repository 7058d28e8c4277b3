using System.Numerics;
using DemoFl.Sharing.Tests.Oracles;
using FsCheck;
using FsCheck.Fluent;

namespace DemoFl.Sharing.Tests;

/// <summary>DESIGN C4, first half: the total equals an exact-integer oracle, and masks cancel to the bit.</summary>
public sealed class MaskedRoundTests
{
    public static TheoryData<RingWidth> Rings => [RingWidth.Bits16, RingWidth.Bits32, RingWidth.Bits64];

    [Theory]
    [MemberData(nameof(Rings))]
    public void Total_EveryPartyCount_EqualsExactOracle(RingWidth ring)
    {
        for (var parties = 1; parties <= 40; parties++)
            TotalEqualsOracle(ring, parties, length: parties % 9, slots: 1 + (parties % 4), seed: 1000 + parties);
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Total_LengthsAroundThePieces_EqualsExactOracle(RingWidth ring)
    {
        foreach (var length in new[] { 0, 1, 3, 511, 512, 513, 1023, 1024, 1025, 2047, 2049, 4097 })
            TotalEqualsOracle(ring, parties: 3, length, slots: 2, seed: length);
    }

    [Fact]
    public void Total_AnyRound_EqualsExactOracle()
    {
        var rounds =
            from ring in Gen.Elements(RingWidth.Bits16, RingWidth.Bits32, RingWidth.Bits64)
            from parties in Gen.Choose(1, 33)
            from length in Gen.Choose(0, 70)
            from slots in Gen.Choose(1, 5)
            from seed in Gen.Choose(0, int.MaxValue - 1)
            select (ring, parties, length, slots, seed);
        Prop.ForAll(rounds.ToArbitrary(), r => TotalEqualsOracle(r.ring, r.parties, r.length, r.slots, r.seed)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void Total_MostPartiesAllAtTheClip_DecodesWithoutOverflow(RingWidth ring)
    {
        foreach (var parties in new[] { 1, 2, 3, 4, 5, 31, 32, 33, 255, 256 })
        {
            var encoding = new Encoding(ring, parties, 0.5, 10);
            foreach (var sign in new[] { 1f, -1f })
            {
                var sum = new RingVector(ring, 2);
                for (var party = 0; party < parties; party++)
                {
                    var update = new RingVector(ring, 2);
                    FixedPoint.Encode([sign * 0.5f, sign * 7f], encoding.Weight(10), encoding, new SeededRounding(party), update);
                    sum.Add(update);
                }

                float[] model = [1, 1];
                FixedPoint.Apply(sum, encoding, (ulong)parties * 10, model);
                var ulp = (float)(0.5 / encoding.MaxUnits) + 1e-7f;
                Assert.All(model, value => Assert.InRange(value, 1 + (sign * 0.5f) - ulp, 1 + (sign * 0.5f) + ulp));
            }
        }
    }

    [Fact]
    public void Total_ShareOfOneSlotMissing_DoesNotDecode()
    {
        var scenario = new Scenario(RingWidth.Bits32, 3, 40, 17);
        var round = new MaskedRound(scenario.Encode(), 2, new SeededShares(17));
        var incomplete = round.Total.Minus(round.Released[1]);
        Assert.NotEqual(round.Total.ToBytes(), incomplete.ToBytes());
    }

    private static void TotalEqualsOracle(RingWidth ring, int parties, int length, int slots, int seed)
    {
        var scenario = new Scenario(ring, parties, length, seed);
        var inputs = scenario.Encode();
        var round = new MaskedRound(inputs, slots, new SeededShares(seed));
        var context = $"k = {ring}, n = {parties}, d = {length}, N_l = {slots}, seed {seed}";

        var unmasked = inputs.Aggregate((sum, next) => sum.Plus(next));
        Assert.True(unmasked.ToBytes().AsSpan().SequenceEqual(round.Total.ToBytes()), $"masked and unmasked sums differ: {context}");

        var exact = new BigInteger[length];
        for (var party = 0; party < parties; party++)
        {
            var words = ExactFixedPoint.Encode(
                scenario.Deltas[party],
                scenario.Encoding.Weight(scenario.SampleCounts[party]),
                scenario.Encoding,
                scenario.Roundings[party]);
            for (var i = 0; i < length; i++)
                exact[i] += words[i];
        }

        for (var i = 0; i < length; i++)
            Assert.True(exact[i] == round.Total.Vector.SignedAt(i), $"coordinate {i}: {context}");

        var totals = Lanes.FromTotals(round.Total.Lanes);
        Assert.Equal(scenario.SampleCounts.Aggregate(0UL, (sum, c) => sum + scenario.Encoding.CappedSampleCount(c)), totals.SampleCount);
        Assert.Equal((ulong)(parties * (parties - 1) / 2), totals.Correct);
        Assert.Equal((ulong)(parties * (parties + 1) / 2), totals.Evaluated);
        Assert.Equal(parties * (parties - 1) / 4.0, totals.LossSum);
    }
}
