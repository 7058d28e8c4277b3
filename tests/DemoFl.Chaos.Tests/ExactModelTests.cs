using DemoFl.Chaos.Oracle;
using DemoFl.Chaos.Training;
using DemoFl.Sharing;
using Encoding = DemoFl.Sharing.Encoding;

namespace DemoFl.Chaos.Tests;

public sealed class ExactModelTests
{
    private const int Dimension = 200;
    private static readonly string[] Parties = ["node-1", "node-2", "node-3", "node-4", "node-5"];

    [Theory]
    [InlineData(5)]
    [InlineData(8)]
    public void Commit_SumOfThePartiesOwnEncodings_EqualsTheProductsModelBitByBit(int selected)
    {
        var encoding = new Encoding(RingWidth.Bits32, selected, GridUpdates.Clip, GridUpdates.MaxSamples);
        float[] model = GridUpdates.StartOf(Dimension);
        var oracle = new ExactModel(Dimension);
        for (ulong round = 1; round <= 50; round++)
        {
            var sum = new RingVector(RingWidth.Bits32, Dimension);
            foreach (string party in Parties)
            {
                sum.Add(Encoded(party, round, model, encoding));
            }

            FixedPoint.Apply(sum, encoding, (ulong)Parties.Sum(GridUpdates.SamplesOf), model);
            oracle.Commit(round, Parties, selected);

            Assert.Equal(model, oracle.Values.ToArray());
        }
    }

    [Fact]
    public void Commit_WithoutOneParty_IsAnotherModel()
    {
        var (all, less) = (new ExactModel(Dimension), new ExactModel(Dimension));

        all.Commit(1, Parties, 5);
        less.Commit(1, Parties[..4], 5);

        Assert.NotEqual(all.Hash, less.Hash);
    }

    [Fact]
    public void DeltaOf_PartiesAndRounds_DifferOfEachOther()
    {
        var drawn = Parties.SelectMany(p => Enumerable.Range(1, 100).Select(r => string.Join(' ', GridUpdates.DeltaOf(p, (ulong)r, Dimension))));

        Assert.Equal(500, drawn.Distinct().Count());
    }

    [Fact]
    public void Values_AfterThousandRounds_StayWhereFloatsHaveOneStep()
    {
        var oracle = new ExactModel(Dimension);

        for (ulong round = 1; round <= 1000; round++)
        {
            oracle.Commit(round, Parties, 5);
        }

        Assert.All(oracle.Values.ToArray(), v => Assert.InRange(v, 1.1f, 1.9f));
    }

    [Theory]
    [InlineData(3, (1L << 29) - 1)]
    [InlineData(4, (1L << 29) - 1)]
    [InlineData(5, (1L << 28) - 1)]
    [InlineData(8, (1L << 28) - 1)]
    [InlineData(9, (1L << 27) - 1)]
    public void MaxUnitsOf_Selected_IsTheRingsShare(int selected, long units) => Assert.Equal(units, ExactModel.MaxUnitsOf(selected));

    private static RingVector Encoded(string party, ulong round, float[] model, Encoding encoding)
    {
        float[] trained = [.. model.Zip(GridUpdates.DeltaOf(party, round, Dimension), (w, d) => w + d)];
        var vector = new RingVector(RingWidth.Bits32, Dimension);
        using var rounding = new SecureRounding();
        var result = FixedPoint.EncodeDelta(model, trained, encoding.Weight(GridUpdates.SamplesOf(party)), encoding, rounding, vector);
        Assert.Equal(0, result.ClippedCount);
        return vector;
    }
}
