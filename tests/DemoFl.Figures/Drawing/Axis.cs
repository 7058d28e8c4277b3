namespace DemoFl.Figures.Drawing;

/// <summary>One axis of a chart: what it shows, with its unit, and optionally where it begins and ends; else it fits what is drawn.</summary>
internal sealed record Axis(string Title, double? From = null, double? To = null, bool Logarithmic = false);
