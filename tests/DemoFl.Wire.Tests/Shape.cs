using System.Collections;
using System.Reflection;
using System.Text;
using DemoFl.Protocol;

namespace DemoFl.Wire.Tests;

/// <summary>
/// A record as text, with the contents of lists and byte strings in it, which the equality and the ToString of records leave
/// out. Secrets that hide from ToString are shown, too.
/// </summary>
internal static class Shape
{
    public static string Of(object? value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case double or float:
                text.Append(((double)value).ToString("R"));
                break;
            case string or bool or Enum or TimeSpan or IFormattable:
                text.Append(value);
                break;
            case Hash256 hash:
                text.Append(hash);
                break;
            case ReadOnlyMemory<byte> bytes:
                text.Append(Convert.ToHexString(bytes.Span));
                break;
            case IEnumerable list:
                AppendAll(text, list.Cast<object>().Select((item, i) => ($"{i}", (object?)item)));
                break;
            default:
                var properties = value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).OrderBy(p => p.Name, StringComparer.Ordinal);
                text.Append(value.GetType().Name);
                AppendAll(text, properties.Where(p => p.PropertyType != value.GetType() && p.Name != "Next").Select(p => (p.Name, p.GetValue(value))));
                break;
        }
    }

    private static void AppendAll(StringBuilder text, IEnumerable<(string Name, object? Value)> parts)
    {
        text.Append('(');
        foreach (var (name, part) in parts)
        {
            text.Append(name).Append('=');
            Append(text, part);
            text.Append(' ');
        }

        text.Append(')');
    }
}
