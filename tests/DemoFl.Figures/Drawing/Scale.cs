using System.Globalization;

namespace DemoFl.Figures.Drawing;

/// <summary>Where a value lies on an axis, and which values are marked there: steps of 1, 2 or 5 times a power of ten.</summary>
internal sealed class Scale
{
    private readonly double _from;
    private readonly double _to;
    private readonly double _start;
    private readonly double _end;
    private readonly bool _logarithmic;
    private readonly int _decimals;

    private Scale(double from, double to, double start, double end, bool logarithmic, double[] ticks, int decimals)
    {
        (_from, _to, _start, _end, _logarithmic) = (from, to, start, end, logarithmic);
        (Ticks, _decimals) = (ticks, decimals);
    }

    /// <summary>The marked values, upwards.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis drawn from <paramref name="start"/> to <paramref name="end"/>, with about <paramref name="steps"/> steps.</summary>
    public static Scale Of(Axis axis, IEnumerable<double> values, double start, double end, int steps)
    {
        double[] all = [.. values, .. new[] { axis.From, axis.To }.OfType<double>()];
        double low = axis.From ?? all.DefaultIfEmpty(0).Min();
        double high = axis.To ?? all.DefaultIfEmpty(1).Max();
        high = high > low ? high : low + 1;
        return axis.Logarithmic ? Decades(low, high, start, end) : Even(axis, low, high, start, end, steps);
    }

    /// <summary>The coordinate of a value; beyond the ends for one that is beyond them.</summary>
    public double At(double value)
    {
        double part = _logarithmic ? Math.Log(value / _from) / Math.Log(_to / _from) : (value - _from) / (_to - _from);
        return _start + (part * (_end - _start));
    }

    /// <summary>A marked value as text.</summary>
    public string Label(double tick) => tick.ToString($"N{(_logarithmic && tick < 1 ? DecimalsOf(tick) : _decimals)}", CultureInfo.InvariantCulture);

    private static Scale Even(Axis axis, double low, double high, double start, double end, int steps)
    {
        double step = StepOf((high - low) / Math.Max(1, steps));
        double from = axis.From ?? Math.Floor(low / step) * step;
        double to = axis.To ?? Math.Ceiling(high / step) * step;
        int decimals = DecimalsOf(step);
        long first = (long)Math.Ceiling((from / step) - 1e-9);
        long last = (long)Math.Floor((to / step) + 1e-9);
        double[] ticks = [.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => Math.Round((first + i) * step, decimals))];
        return new Scale(from, to, start, end, logarithmic: false, ticks, decimals);
    }

    private static Scale Decades(double low, double high, double start, double end)
    {
        var ticks = new List<double>();
        for (double decade = Math.Pow(10, Math.Floor(Math.Log10(low))); decade <= high; decade *= 10)
        {
            ticks.AddRange(new[] { decade, 2 * decade, 5 * decade }.Where(t => t >= low * (1 - 1e-9) && t <= high * (1 + 1e-9)));
        }

        return new Scale(low, high, start, end, logarithmic: true, [.. ticks], 0);
    }

    private static double StepOf(double rough)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double digit = (rough / power) - 1e-9;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static int DecimalsOf(double step) => Math.Max(0, (int)-Math.Floor(Math.Log10(step) + 1e-9));
}
