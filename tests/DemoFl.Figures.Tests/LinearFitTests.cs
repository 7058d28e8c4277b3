using DemoFl.Figures.KeySetup;

namespace DemoFl.Figures.Tests;

public class LinearFitTests
{
    [Fact]
    public void Of_PointsOnALine_FindsItWithNothingLeftOver()
    {
        var fit = LinearFit.Of([.. Enumerable.Range(1, 20).Select(x => ((double)x, 3 + (0.25 * x)))]);

        Assert.Equal(3, fit.Intercept, 12);
        Assert.Equal(0.25, fit.Slope, 12);
        Assert.Equal(1, fit.RSquared, 12);
        Assert.Equal(28, fit.At(100), 10);
    }

    /// <summary>By hand: mean (2, 7/3), slope 1, intercept 1/3; left over 2/3 of 8/3.</summary>
    [Fact]
    public void Of_ThreePointsBesideALine_ExplainsTheShareThatItDoes()
    {
        var fit = LinearFit.Of([(1, 1), (2, 3), (3, 3)]);

        Assert.Equal(1, fit.Slope, 12);
        Assert.Equal(1 / 3.0, fit.Intercept, 12);
        Assert.Equal(0.75, fit.RSquared, 12);
    }

    [Fact]
    public void Of_ASquare_IsFarFromLinear() => Assert.InRange(LinearFit.Of([.. Enumerable.Range(1, 1000).Select(x => ((double)x, (double)x * x))]).RSquared, 0.9, 0.98);

    [Fact]
    public void Of_OnePlace_IsRefused() => Assert.Throws<ArgumentException>(() => LinearFit.Of([(1, 1), (1, 2)]));
}
