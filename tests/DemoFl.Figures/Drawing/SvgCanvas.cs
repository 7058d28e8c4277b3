using System.Globalization;
using System.Security;
using System.Text;

namespace DemoFl.Figures.Drawing;

/// <summary>
/// An SVG document of one size and one look, on an opaque ground, so that it can be read on any page; follows the reader's choice of light or
/// dark. Colours c0 to c5 are the palette's.
/// </summary>
internal sealed class SvgCanvas
{
    /// <summary>Width in pixels.</summary>
    public const int Width = 760;

    /// <summary>Height in pixels.</summary>
    public const int Height = 440;

    private const double LetterWidth = 7.2;

    private const string Style = """
        <style>
          text { font-family: system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: #1f2328; }
          .ground { fill: #ffffff; }
          .title { font-size: 17px; font-weight: 600; }
          .subtitle, .tick { font-size: 12.5px; fill: #59636e; }
          .label { font-size: 13px; }
          .grid { stroke: #e3e8ed; stroke-width: 1; }
          .axis { stroke: #818b98; stroke-width: 1; }
          .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
          .dashed { stroke-dasharray: 7 5; }
          .dotted { stroke-width: 1.6; stroke-dasharray: 1 5; }
          .band { stroke: none; opacity: 0.16; }
          .line.c0 { stroke: #0969da; } .dot.c0, .band.c0, .bar.c0 { fill: #0969da; }
          .line.c1 { stroke: #bc4c00; } .dot.c1, .band.c1, .bar.c1 { fill: #bc4c00; }
          .line.c2 { stroke: #1a7f37; } .dot.c2, .band.c2, .bar.c2 { fill: #1a7f37; }
          .line.c3 { stroke: #8250df; } .dot.c3, .band.c3, .bar.c3 { fill: #8250df; }
          .line.c4 { stroke: #818b98; } .dot.c4, .band.c4, .bar.c4 { fill: #afb8c1; }
          .line.c5 { stroke: #9a6700; } .dot.c5, .band.c5, .bar.c5 { fill: #d4a72c; }
          @media (prefers-color-scheme: dark) {
            text { fill: #f0f6fc; }
            .ground { fill: #0d1117; }
            .subtitle, .tick { fill: #9198a1; }
            .grid { stroke: #252b33; }
            .axis { stroke: #656c76; }
            .band { opacity: 0.24; }
            .line.c0 { stroke: #58a6ff; } .dot.c0, .band.c0, .bar.c0 { fill: #58a6ff; }
            .line.c1 { stroke: #f0883e; } .dot.c1, .band.c1, .bar.c1 { fill: #f0883e; }
            .line.c2 { stroke: #56d364; } .dot.c2, .band.c2, .bar.c2 { fill: #56d364; }
            .line.c3 { stroke: #bc8cff; } .dot.c3, .band.c3, .bar.c3 { fill: #bc8cff; }
            .line.c4 { stroke: #9198a1; } .dot.c4, .band.c4, .bar.c4 { fill: #656c76; }
            .line.c5 { stroke: #e3b341; } .dot.c5, .band.c5, .bar.c5 { fill: #e3b341; }
          }
        </style>
        """;

    private readonly StringBuilder _text = new();

    public SvgCanvas(string title, string subtitle)
    {
        _text.Append(CultureInfo.InvariantCulture, $"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{Width}" height="{Height}" viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="t s">
            <title id="t">{Escaped(title)}</title>
            <desc id="s">{Escaped(subtitle)}</desc>
            """).Append('\n').Append(Style).Append('\n');
        Add($"<rect class=\"ground\" width=\"{Width}\" height=\"{Height}\" rx=\"6\"/>");
        Text("title", 20, 32, title, "start");
        Text("subtitle", 20, 52, subtitle, "start");
    }

    /// <summary>About how wide a label is, in pixels: there is no font to ask.</summary>
    public static double WidthOf(string label) => label.Length * LetterWidth;

    public void Line(string look, double x1, double y1, double x2, double y2) =>
        Add($"<line class=\"{look}\" x1=\"{At(x1)}\" y1=\"{At(y1)}\" x2=\"{At(x2)}\" y2=\"{At(y2)}\"/>");

    public void Path(string look, IReadOnlyList<(double X, double Y)> points) => Add($"<path class=\"{look}\" d=\"M{Joined(points)}\"/>");

    public void Area(string look, IEnumerable<(double X, double Y)> edge) => Add($"<path class=\"{look}\" d=\"M{Joined(edge)}Z\"/>");

    public void Circle(string look, double x, double y, double radius) =>
        Add($"<circle class=\"{look}\" cx=\"{At(x)}\" cy=\"{At(y)}\" r=\"{At(radius)}\"/>");

    public void Rectangle(string look, double x, double y, double width, double height) =>
        Add($"<rect class=\"{look}\" x=\"{At(x)}\" y=\"{At(y)}\" width=\"{At(width)}\" height=\"{At(height)}\"/>");

    public void Text(string look, double x, double y, string text, string anchor) =>
        Add($"<text class=\"{look}\" x=\"{At(x)}\" y=\"{At(y)}\" text-anchor=\"{anchor}\">{Escaped(text)}</text>");

    /// <summary>Text that is read from below.</summary>
    public void TurnedText(string look, double x, double y, string text) =>
        Add($"<text class=\"{look}\" transform=\"translate({At(x)} {At(y)}) rotate(-90)\" text-anchor=\"middle\">{Escaped(text)}</text>");

    /// <summary>The whole document.</summary>
    public override string ToString() => _text + "</svg>\n";

    private static string Joined(IEnumerable<(double X, double Y)> points) => string.Join('L', points.Select(p => $"{At(p.X)} {At(p.Y)}"));

    private static string At(double coordinate) => coordinate.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Escaped(string text) => SecurityElement.Escape(text);

    private void Add(string element) => _text.Append(element).Append('\n');
}
