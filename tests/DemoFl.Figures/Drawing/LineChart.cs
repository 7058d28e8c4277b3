namespace DemoFl.Figures.Drawing;

/// <summary>What a figure of lines says.</summary>
internal sealed record LineChart(string Title, string Subtitle, Axis X, Axis Y, IReadOnlyList<Line> Lines)
{
    private const int LeftMargin = 72;
    private const int RightMargin = 24;
    private const int TopMargin = 74;
    private const int BottomMargin = 84;
    private const double MarkerRadius = 3.2;

    /// <summary>A line of more points than this is drawn without a mark at each.</summary>
    private const int MarkersAtMost = 20;

    /// <summary>The figure as an SVG document.</summary>
    public string Draw()
    {
        var svg = new SvgCanvas(Title, Subtitle);
        var points = Lines.SelectMany(l => l.Points).ToArray();
        var x = Scale.Of(X, points.Select(p => p.X), LeftMargin, SvgCanvas.Width - RightMargin, SvgCanvas.Width / 90);
        var y = Scale.Of(Y, points.SelectMany(p => new[] { p.Low, p.High }), SvgCanvas.Height - BottomMargin, TopMargin, SvgCanvas.Height / 60);
        DrawGrid(svg, x, y);
        foreach (var line in Lines)
        {
            DrawBand(svg, line, x, y);
        }

        foreach (var line in Lines)
        {
            DrawLine(svg, line, x, y);
        }

        DrawLegend(svg);
        return svg.ToString();
    }

    private void DrawGrid(SvgCanvas svg, Scale x, Scale y)
    {
        foreach (double tick in y.Ticks)
        {
            svg.Line("grid", LeftMargin, y.At(tick), SvgCanvas.Width - RightMargin, y.At(tick));
            svg.Text("tick", LeftMargin - 8, y.At(tick) + 4, y.Label(tick), "end");
        }

        foreach (double tick in x.Ticks)
        {
            svg.Line("grid", x.At(tick), TopMargin, x.At(tick), SvgCanvas.Height - BottomMargin);
            svg.Text("tick", x.At(tick), SvgCanvas.Height - BottomMargin + 18, x.Label(tick), "middle");
        }

        svg.Line("axis", LeftMargin, SvgCanvas.Height - BottomMargin, SvgCanvas.Width - RightMargin, SvgCanvas.Height - BottomMargin);
        svg.Line("axis", LeftMargin, TopMargin, LeftMargin, SvgCanvas.Height - BottomMargin);
        svg.Text("label", (LeftMargin + SvgCanvas.Width - RightMargin) / 2.0, SvgCanvas.Height - BottomMargin + 38, X.Title, "middle");
        svg.TurnedText("label", 18, (TopMargin + SvgCanvas.Height - BottomMargin) / 2.0, Y.Title);
    }

    private static void DrawBand(SvgCanvas svg, Line line, Scale x, Scale y)
    {
        if (line.Points.Any(p => p.High > p.Low))
        {
            var edge = line.Points.Select(p => (x.At(p.X), y.At(p.High))).Concat(line.Points.Reverse().Select(p => (x.At(p.X), y.At(p.Low))));
            svg.Area($"band c{line.Colour}", edge);
        }
    }

    private static void DrawLine(SvgCanvas svg, Line line, Scale x, Scale y)
    {
        var path = line.Points.Select(p => (x.At(p.X), y.At(p.Y))).ToArray();
        if (line.Stroke != Stroke.Points)
        {
            svg.Path($"line {line.Stroke.ToString().ToLowerInvariant()} c{line.Colour}", path);
        }

        if (line.Stroke == Stroke.Points || (line.Stroke != Stroke.Dotted && path.Length <= MarkersAtMost))
        {
            foreach (var (left, top) in path)
            {
                svg.Circle($"dot c{line.Colour}", left, top, MarkerRadius);
            }
        }
    }

    private void DrawLegend(SvgCanvas svg)
    {
        const int Baseline = SvgCanvas.Height - 16;
        const int KeyWidth = 26;
        double left = LeftMargin;
        foreach (var line in Lines)
        {
            if (line.Stroke == Stroke.Points)
            {
                svg.Circle($"dot c{line.Colour}", left + (KeyWidth / 2.0), Baseline - 4, MarkerRadius);
            }
            else
            {
                svg.Path($"line {line.Stroke.ToString().ToLowerInvariant()} c{line.Colour}", [(left, Baseline - 4), (left + KeyWidth, Baseline - 4)]);
            }

            svg.Text("label", left + KeyWidth + 6, Baseline, line.Name, "start");
            left += KeyWidth + 28 + SvgCanvas.WidthOf(line.Name);
        }
    }
}
