namespace DemoFl.Figures.Drawing;

/// <summary>How a line is drawn.</summary>
internal enum Stroke
{
    /// <summary>A line.</summary>
    Solid,

    /// <summary>A line of dashes.</summary>
    Dashed,

    /// <summary>A thin line of dots, for what is expected rather than measured.</summary>
    Dotted,

    /// <summary>No line, the points alone.</summary>
    Points,
}

/// <summary>One value at one place, with the smallest and largest of what it is the middle of, where there are several.</summary>
internal readonly record struct Point(double X, double Y, double Low, double High)
{
    public Point(double x, double y)
        : this(x, y, y, y)
    {
    }
}

/// <summary>A named series. <paramref name="Colour"/> is an index into the palette; lines that belong together share one.</summary>
internal sealed record Line(string Name, int Colour, Stroke Stroke, IReadOnlyList<Point> Points);
