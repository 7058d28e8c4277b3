using DemoFl.Benchmarks.Measuring;

namespace DemoFl.Benchmarks.Tests;

public sealed class QuantileTests
{
    [Theory]
    [InlineData(3.0, 3.0)]
    [InlineData(2.0, 9.0, 1.0, 2.0)]
    [InlineData(2.5, 4.0, 1.0, 2.0, 3.0)]
    public void Median_Values_IsTheMiddleWhateverTheirOrder(double expected, params double[] values) =>
        Assert.Equal(expected, Quantile.Median(values));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.25, 20)]
    [InlineData(0.375, 25)]
    [InlineData(1, 50)]
    public void Of_Fraction_InterpolatesBetweenRanks(double fraction, double expected) =>
        Assert.Equal(expected, Quantile.Of([50, 10, 40, 20, 30], fraction));

    [Fact]
    public void Of_NoValues_Throws() => Assert.Throws<ArgumentException>(() => Quantile.Of([], 0.5));
}
