namespace DemoFl.Learning.Tests.Datasets;

public sealed class SeededRandomTests
{
    [Fact]
    public void NextDouble_ManyDraws_AreUniform()
    {
        var random = new SeededRandom(1);
        var bins = new int[10];
        for (var i = 0; i < 100_000; i++) bins[(int)(random.NextDouble() * 10)]++;
        Assert.All(bins, bin => Assert.InRange(bin, 9_600, 10_400));
    }

    [Fact]
    public void NextBell_ManyDraws_HaveMeanZeroAndDeviationOne()
    {
        var random = new SeededRandom(2);
        var values = Enumerable.Range(0, 100_000).Select(_ => (double)random.NextBell()).ToArray();
        Assert.InRange(values.Average(), -0.02, 0.02);
        Assert.InRange(values.Average(value => value * value), 0.98, 1.02);
    }

    [Fact]
    public void NextBelow_SmallBound_IsUniformAndWithinIt()
    {
        var random = new SeededRandom(3);
        var counts = new int[3];
        for (var i = 0; i < 30_000; i++) counts[random.NextBelow(3)]++;
        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    [Fact]
    public void Streams_OfOneSeed_Differ() =>
        Assert.NotEqual(new SeededRandom(1, 1).NextUInt64(), new SeededRandom(1, 2).NextUInt64());

    [Theory]
    [InlineData(0.01)]
    [InlineData(0.5)]
    [InlineData(3)]
    public void Dirichlet_AnyAlpha_HasMeanAndVarianceOfTheDistribution(double alpha)
    {
        const int parts = 5;
        var random = new SeededRandom(4);
        var first = Enumerable.Range(0, 20_000).Select(_ => GammaSampler.Dirichlet(random, parts, alpha)).ToArray();
        Assert.All(first, proportions => Assert.Equal(1, proportions.Sum(), 9));
        const double mean = 1.0 / parts;
        var variance = mean * (1 - mean) / ((parts * alpha) + 1);
        Assert.InRange(first.Average(proportions => proportions[0]), mean - 0.01, mean + 0.01);
        Assert.InRange(first.Average(proportions => Math.Pow(proportions[0] - mean, 2)), variance * 0.93, variance * 1.07);
    }
}
