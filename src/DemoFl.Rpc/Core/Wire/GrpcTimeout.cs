using System.Globalization;

namespace Grpc.Core.Wire;

/// <summary>The <c>grpc-timeout</c> header: at most eight digits and a unit.</summary>
internal static class GrpcTimeout
{
    private const long MaxValue = 99_999_999;

    private static readonly (char Unit, long Ticks)[] Units =
    [
        ('u', TimeSpan.TicksPerMicrosecond),
        ('m', TimeSpan.TicksPerMillisecond),
        ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute),
        ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>Encodes a duration in the finest unit that holds it, rounded up so that the server never gives up first.</summary>
    public static string Encode(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, 1);
        foreach (var (unit, ticksPerUnit) in Units)
        {
            var value = (ticks + ticksPerUnit - 1) / ticksPerUnit;
            if (value <= MaxValue) return value.ToString(CultureInfo.InvariantCulture) + unit;
        }

        return MaxValue.ToString(CultureInfo.InvariantCulture) + 'H';
    }

    /// <summary>Decodes a header; false if it is malformed.</summary>
    public static bool TryDecode(string text, out TimeSpan timeout)
    {
        timeout = default;
        if (text.Length is < 2 or > 9) return false;
        if (!long.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var value)) return false;

        if (text[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks((value + 99) / 100);
            return true;
        }

        foreach (var (unit, ticksPerUnit) in Units)
        {
            if (unit != text[^1]) continue;
            timeout = TimeSpan.FromTicks(value * ticksPerUnit);
            return true;
        }

        return false;
    }
}
