using System.Numerics;
using System.Text;

namespace DemoFl.Fuzz;

/// <summary>
/// The outline of a protobuf message: which fields it has, how many of each and how long or large they are, by powers of two. Two messages of one
/// outline are read in much the same way.
/// </summary>
internal static class Shape
{
    private const int Deepest = 6;
    private const int Longest = 160;

    public static string Of(ReadOnlySpan<byte> message)
    {
        var outline = new StringBuilder();
        if (ProtoField.TryParse(message, out var fields))
        {
            Append(outline, fields, 0);
        }

        return outline.Length <= Longest ? outline.ToString() : outline.ToString(0, Longest);
    }

    /// <summary>The power of two that a length or number belongs to.</summary>
    public static int Order(ulong value) => 64 - BitOperations.LeadingZeroCount(value);

    private static void Append(StringBuilder outline, List<ProtoField> fields, int depth)
    {
        foreach (var alike in fields.GroupBy(f => f.Number).OrderBy(g => g.Key))
        {
            var first = alike.First();
            outline.Append(alike.Key);
            int count = alike.Count();
            if (count > 1)
            {
                outline.Append('x').Append(Order((ulong)count));
            }

            if (first.Children is { } children && depth < Deepest)
            {
                outline.Append('{');
                Append(outline, children, depth + 1);
                outline.Append('}');
            }
            else
            {
                outline.Append(':').Append(first.Wire == ProtoWire.Length ? Order((ulong)first.Bytes.Length) : Math.Min(3, Order(first.Value)));
            }

            outline.Append(' ');
        }
    }
}
