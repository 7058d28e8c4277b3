using System.Globalization;

namespace DemoFl.Cli.Output;

/// <summary>Sizes for people.</summary>
internal static class Bytes
{
    /// <summary>Decimal units, three digits.</summary>
    public static string Show(double count)
    {
        string[] units = ["B", "kB", "MB", "GB", "TB"];
        int unit = 0;
        while (count >= 999.5 && unit < units.Length - 1)
        {
            count /= 1000;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{count:G3} {units[unit]}");
    }
}
