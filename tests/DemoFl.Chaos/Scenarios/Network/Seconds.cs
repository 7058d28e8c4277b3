using System.Globalization;

namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>Times as results tell them.</summary>
internal static class Seconds
{
    public static string Of(TimeSpan time) => Of(time.TotalSeconds);

    public static string Of(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s");
}
