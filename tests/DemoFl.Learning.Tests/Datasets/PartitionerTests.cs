using FsCheck;
using FsCheck.Fluent;

namespace DemoFl.Learning.Tests.Datasets;

public sealed class PartitionerTests
{
    [Theory]
    [InlineData("iid")]
    [InlineData("shards:1")]
    [InlineData("shards:2")]
    [InlineData("dirichlet:0.001")]
    [InlineData("dirichlet:0.5")]
    [InlineData("dirichlet:100")]
    public void Split_AnySizes_GivesEveryExampleToExactlyOnePartyAndLeavesNoneEmpty(string scheme)
    {
        var cases =
            from parties in Gen.Choose(1, 40)
            from count in Gen.Choose(80, 300)
            from classes in Gen.Choose(1, 12)
            from seed in Gen.Choose(0, int.MaxValue)
            select (parties, count, classes, seed);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var data = Labelled(c.count, c.classes, (ulong)c.seed);
            var parts = Partitioner.Split(data, scheme, c.parties, (ulong)c.seed);
            return parts.Length == c.parties
                && parts.All(part => part.Length > 0)
                && parts.SelectMany(part => part).Order().SequenceEqual(Enumerable.Range(0, c.count))
                && parts.Zip(Partitioner.Split(data, scheme, c.parties, (ulong)c.seed)).All(pair => pair.First.SequenceEqual(pair.Second));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Split_Iid_GivesEqualSizesAndOtherSeedsOtherSplits()
    {
        var data = Labelled(103, 5, 1);
        Assert.All(Partitioner.Split(data, "iid", 10, 1), part => Assert.InRange(part.Length, 10, 11));
        Assert.NotEqual(Partitioner.Split(data, "iid", 10, 1)[0], Partitioner.Split(data, "iid", 10, 2)[0]);
    }

    // FedAvg, section 3: most clients have examples of two digits only.
    [Fact]
    public void Split_TwoShards_GivesEachPartyFewLabels()
    {
        var data = Labelled(2_000, 10, 1);
        var parts = Partitioner.Split(data, "shards:2", 20, 3);
        Assert.All(parts, part => Assert.InRange(part.Select(data.LabelOf).Distinct().Count(), 1, 4));
        Assert.All(parts, part => Assert.Equal(100, part.Length));
    }

    [Fact]
    public void Split_DirichletAlpha_GoesFromSkewedToEven()
    {
        var data = Labelled(5_000, 10, 1);
        Assert.True(Skew(data, 0.1) > 2 * Skew(data, 1));
        Assert.True(Skew(data, 1) > 2 * Skew(data, 100));
    }

    [Theory]
    [InlineData("")]
    [InlineData("random")]
    [InlineData("iid:2")]
    [InlineData("shards")]
    [InlineData("shards:0")]
    [InlineData("shards:1.5")]
    [InlineData("dirichlet:0")]
    [InlineData("dirichlet:-1")]
    [InlineData("dirichlet:x")]
    public void Split_UnknownScheme_ListsWhatIsKnown(string scheme)
    {
        var error = Assert.Throws<FormatException>(() => Partitioner.Split(Labelled(10, 2, 1), scheme, 2, 1));
        Assert.Contains("'iid', 'shards:S'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("iid", 11)]
    [InlineData("shards:2", 6)]
    [InlineData("dirichlet:1", 11)]
    public void Split_TooFewExamples_SaysSo(string scheme, int parties)
    {
        var error = Assert.Throws<ArgumentException>(() => Partitioner.Split(Labelled(10, 2, 1), scheme, parties, 1));
        Assert.Contains($"10 examples do not go round among {parties} parties", error.Message, StringComparison.Ordinal);
    }

    // How far, on average, a party's share of a class is from an even share.
    private static double Skew(Dataset data, double alpha)
    {
        var parts = Partitioner.Split(data, FormattableString.Invariant($"dirichlet:{alpha}"), 10, 7);
        return parts.Average(part => Enumerable.Range(0, 10).Average(label => Math.Abs(part.Count(i => data.LabelOf(i) == label) - 50)));
    }

    private static Dataset Labelled(int count, int classes, ulong seed)
    {
        var random = new SeededRandom(seed, 99);
        var labels = Enumerable.Range(0, count).Select(_ => random.NextBelow(classes)).ToArray();
        return new Dataset(new InputShape(1, 1, 1), classes, new float[count], labels);
    }
}
