using System.Globalization;

namespace DemoFl.Cli.Settings;

/// <summary>A time as a number with the unit ms, s, m or h.</summary>
internal static class DurationText
{
    /// <summary>What such a text looks like.</summary>
    public const string Pattern = @"^([0-9]+\.?[0-9]*|\.[0-9]+)(ms|s|m|h)$";

    /// <summary>Beyond what any setting allows, and within what a TimeSpan holds.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    public static bool TryParse(string text, out TimeSpan value)
    {
        (string unit, double milliseconds) = text switch
        {
            _ when text.EndsWith("ms", StringComparison.Ordinal) => ("ms", 1),
            _ when text.EndsWith('s') => ("s", 1_000),
            _ when text.EndsWith('m') => ("m", 60_000),
            _ when text.EndsWith('h') => ("h", 3_600_000d),
            _ => ("?", 0),
        };
        bool valid = double.TryParse(text.AsSpan(0, Math.Max(0, text.Length - unit.Length)), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double count)
            && milliseconds > 0 && count * milliseconds <= Longest.TotalMilliseconds;
        value = valid ? TimeSpan.FromMilliseconds(Math.Round(count * milliseconds)) : default;
        return valid;
    }

    public static string Show(TimeSpan value) => value < TimeSpan.FromSeconds(1) ? $"{value.TotalMilliseconds:0}ms"
        : value < TimeSpan.FromHours(1) ? $"{value.TotalSeconds:0}s" : $"{value.TotalHours:0}h";
}
