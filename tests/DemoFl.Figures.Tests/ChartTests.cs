using System.Xml.Linq;
using DemoFl.Figures.Drawing;

namespace DemoFl.Figures.Tests;

public class ChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Draw_Lines_IsADocumentWithEverythingInside()
    {
        var chart = new LineChart(
            "Loss < 1 & falling", "three points", new Axis("round", From: 0), new Axis("loss"),
            [new Line("one", 0, Stroke.Solid, [new Point(1, 0.9), new Point(2, 0.5, 0.4, 0.6), new Point(3, 0.3)]), new Line("two", 1, Stroke.Points, [new Point(2, 0.7)])]);

        var document = XDocument.Parse(chart.Draw());

        string[] texts = [.. document.Descendants(Svg + "text").Select(t => t.Value)];
        Assert.Contains("Loss < 1 & falling", texts);
        Assert.All(new[] { "round", "loss", "one", "two", "three points" }, expected => Assert.Contains(expected, texts));
        Assert.Equal(4 + 1, document.Descendants(Svg + "circle").Count());
        Assert.All(document.Descendants(Svg + "circle"), c => Assert.InRange((double)c.Attribute("cx")!, 0, SvgCanvas.Width));
        Assert.All(document.Descendants(Svg + "circle"), c => Assert.InRange((double)c.Attribute("cy")!, 0, SvgCanvas.Height));
    }

    [Fact]
    public void Draw_HigherValue_LiesHigher()
    {
        var chart = new LineChart("t", "s", new Axis("x"), new Axis("y"), [new Line("one", 0, Stroke.Points, [new Point(1, 10), new Point(2, 20)])]);

        double[] heights = [.. XDocument.Parse(chart.Draw()).Descendants(Svg + "circle").Select(c => (double)c.Attribute("cy")!)];

        Assert.True(heights[1] < heights[0]);
    }

    [Fact]
    public void Draw_Bars_StackToTheirSum()
    {
        var chart = new BarChart("t", "s", new Axis("seconds", To: 10), [("a", 0), ("b", 1)], [new Bar("first", [1, 2]), new Bar("second", [4, 0])]);

        var bars = XDocument.Parse(chart.Draw()).Descendants(Svg + "rect").Where(r => (double?)r.Attribute("height") > 20 && r.Attribute("x") is not null).ToArray();

        Assert.Equal(4, bars.Length);
        double a = (double)bars[0].Attribute("width")!;
        Assert.Equal(2 * a, (double)bars[1].Attribute("width")!, 1);
        Assert.Equal(4 * a, (double)bars[2].Attribute("width")!, 1);
        Assert.Equal((double)bars[0].Attribute("x")! + a, (double)bars[1].Attribute("x")!, 1);
    }
}
