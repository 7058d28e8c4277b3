using System.Globalization;
using System.Text;

namespace DemoFl.Relay.Audit;

/// <summary>Makes text that a peer may have had a hand in short and harmless.</summary>
internal static class AuditText
{
    /// <summary>The longest text, in characters before escaping; what is longer ends with three dots.</summary>
    public const int MaxLength = 256;

    public static string Shortened(string text) => text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength - 3)}...";

    /// <summary>Shortened, and in printable ASCII: it cannot break a line nor move a cursor.</summary>
    public static string Printable(string text)
    {
        var printable = new StringBuilder();
        foreach (char c in Shortened(text))
        {
            _ = c is >= ' ' and <= '~' ? printable.Append(c) : printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
        }

        return printable.ToString();
    }
}
