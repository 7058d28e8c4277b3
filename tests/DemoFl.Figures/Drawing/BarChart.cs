namespace DemoFl.Figures.Drawing;

/// <summary>One bar: a label and its pieces, in the order of the chart's parts.</summary>
internal sealed record Bar(string Name, IReadOnlyList<double> Pieces);

/// <summary>What a figure of stacked bars says; the bars lie, one below the other, and the value runs to the right.</summary>
internal sealed record BarChart(string Title, string Subtitle, Axis Value, IReadOnlyList<(string Name, int Colour)> Parts, IReadOnlyList<Bar> Bars)
{
    private const int LeftMargin = 170;
    private const int RightMargin = 64;
    private const int TopMargin = 74;
    private const int BottomMargin = 84;
    private const double BarShare = 0.58;

    /// <summary>The figure as an SVG document.</summary>
    public string Draw()
    {
        const int Bottom = SvgCanvas.Height - BottomMargin;
        var svg = new SvgCanvas(Title, Subtitle);
        var scale = Scale.Of(Value with { From = 0 }, Bars.Select(b => b.Pieces.Sum()), LeftMargin, SvgCanvas.Width - RightMargin, 6);
        foreach (double tick in scale.Ticks)
        {
            svg.Line("grid", scale.At(tick), TopMargin, scale.At(tick), Bottom);
            svg.Text("tick", scale.At(tick), Bottom + 18, scale.Label(tick), "middle");
        }

        double pitch = (double)(Bottom - TopMargin) / Bars.Count;
        for (int i = 0; i < Bars.Count; i++)
        {
            DrawBar(svg, Bars[i], scale, TopMargin + (i * pitch), pitch);
        }

        svg.Line("axis", LeftMargin, TopMargin, LeftMargin, Bottom);
        svg.Text("label", (LeftMargin + SvgCanvas.Width - RightMargin) / 2.0, Bottom + 38, Value.Title, "middle");
        DrawLegend(svg);
        return svg.ToString();
    }

    private void DrawBar(SvgCanvas svg, Bar bar, Scale scale, double top, double pitch)
    {
        double height = pitch * BarShare;
        double middle = top + (pitch / 2);
        svg.Text("label", LeftMargin - 10, middle + 4, bar.Name, "end");
        double sum = 0;
        for (int part = 0; part < Parts.Count; part++)
        {
            double left = scale.At(sum);
            sum += bar.Pieces[part];
            svg.Rectangle($"bar c{Parts[part].Colour}", left, middle - (height / 2), scale.At(sum) - left, height);
        }

        svg.Text("tick", scale.At(sum) + 6, middle + 4, sum.ToString(sum < 10 ? "0.00" : "0.0", System.Globalization.CultureInfo.InvariantCulture), "start");
    }

    private void DrawLegend(SvgCanvas svg)
    {
        const int Baseline = SvgCanvas.Height - 16;
        const int KeySize = 12;
        double left = 20;
        foreach (var (name, colour) in Parts)
        {
            svg.Rectangle($"bar c{colour}", left, Baseline - KeySize + 1, KeySize, KeySize);
            svg.Text("label", left + KeySize + 6, Baseline, name, "start");
            left += KeySize + 26 + SvgCanvas.WidthOf(name);
        }
    }
}
