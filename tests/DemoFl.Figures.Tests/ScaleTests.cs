using DemoFl.Figures.Drawing;

namespace DemoFl.Figures.Tests;

public class ScaleTests
{
    [Theory]
    [InlineData(0, 9.3, "0,2,4,6,8,10")]
    [InlineData(0.31, 0.34, "0.31,0.32,0.33,0.34")]
    [InlineData(120, 1030, "0,500,1000,1500")]
    public void Ticks_OfValues_AreRoundAndEncloseThem(double low, double high, string expected)
    {
        var scale = Scale.Of(new Axis("x"), [low, high], 0, 100, expected.Split(',').Length - 1);

        Assert.Equal(expected, string.Join(',', scale.Ticks.Select(t => t.ToString(System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void At_EndsOfTheAxis_AreItsCoordinates()
    {
        var scale = Scale.Of(new Axis("y", From: 90, To: 100), [95], start: 400, end: 50, steps: 5);

        Assert.Equal(400, scale.At(90), 9);
        Assert.Equal(50, scale.At(100), 9);
        Assert.Equal(225, scale.At(95), 9);
    }

    [Fact]
    public void At_Logarithmic_SpacesDecadesEvenly()
    {
        var scale = Scale.Of(new Axis("n", Logarithmic: true), [10, 1000], 0, 200, 5);

        Assert.Equal(100, scale.At(100), 9);
        Assert.Equal([10, 20, 50, 100, 200, 500, 1000], scale.Ticks);
    }

    [Fact]
    public void Label_Thousands_AreSeparatedAndDecimalsFollowTheStep()
    {
        Assert.Equal("1,000", Scale.Of(new Axis("n"), [0, 2000], 0, 1, 4).Label(1000));
        Assert.Equal("0.50", Scale.Of(new Axis("n", From: 0, To: 0.75), [0], 0, 1, 15).Label(0.5));
    }

    [Fact]
    public void Of_OneValue_StillHasAnExtent() => Assert.True(double.IsFinite(Scale.Of(new Axis("n"), [7, 7], 0, 10, 4).At(7)));
}
