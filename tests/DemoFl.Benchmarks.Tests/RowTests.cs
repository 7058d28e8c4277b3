using DemoFl.Benchmarks.Measuring;

namespace DemoFl.Benchmarks.Tests;

public sealed class RowTests
{
    private static readonly Budget AtLeastNineTenths = new(Bound.AtLeast, 0.9);

    [Fact]
    public void Compare_OnePairDisturbed_TakesTheRatioPairByPair()
    {
        // The quotient of the medians would be 60/50, and hide that two of three pairs are at 0.8.
        var row = Row.Compare("x", "MB/s", [80, 40, 60], [100, 50, 40], AtLeastNineTenths, judged: true);

        Assert.Equal(0.8, row.Ratio, 12);
        Assert.Equal(60, row.Ours);
        Assert.Equal(50, row.Reference);
        Assert.False(row.Ok);
    }

    [Theory]
    [InlineData(90, true)]
    [InlineData(89, false)]
    [InlineData(120, true)]
    public void Compare_Rate_IsOkFromItsBudgetUp(double ours, bool ok) =>
        Assert.Equal(ok, Row.Compare("x", "MB/s", [ours], [100], AtLeastNineTenths, judged: true).Ok);

    [Theory]
    [InlineData(130, true)]
    [InlineData(131, false)]
    [InlineData(10, true)]
    public void Compare_Cost_IsOkUpToItsBudget(double ours, bool ok) =>
        Assert.Equal(ok, Row.Compare("x", "CPU-s/GB", [ours], [100], new Budget(Bound.AtMost, 1.3), judged: true).Ok);

    [Fact]
    public void Compare_WithoutBudgetOrUnjudged_SaysNeither()
    {
        Assert.Null(Row.Compare("x", "MB/s", [1], [100], null, judged: true).Ok);
        Assert.Null(Row.Compare("x", "MB/s", [1], [100], AtLeastNineTenths, judged: false).Ok);
    }

    [Fact]
    public void Compare_SeriesOfDifferentLengths_Throws() =>
        Assert.Throws<ArgumentException>(() => Row.Compare("x", "MB/s", [1, 2], [1], null, judged: true));
}
