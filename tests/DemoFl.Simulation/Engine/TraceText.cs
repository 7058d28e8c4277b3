using System.Collections;
using System.Reflection;
using System.Text;

namespace DemoFl.Simulation;

/// <summary>Records as people read them: names short, sets as their members, nothing as long as a key.</summary>
internal static class TraceText
{
    public static string Of(object? what)
    {
        var text = new StringBuilder();
        Append(text, what);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? what)
    {
        switch (what)
        {
            case null:
                text.Append('-');
                break;
            case string or Enum or bool or int or long or ulong or double or NodeId or Round or Term or Ballot or Slot or Attempt or Nonce:
                text.Append(what);
                break;
            case TimeSpan m:
                text.Append(m.TotalMilliseconds).Append("ms");
                break;
            case Hash256 m:
                text.Append('#').Append(m.ToString().AsSpan(0, 6));
                break;
            case Incarnation m:
                text.Append('~').Append(m.ToString().AsSpan(0, 6));
                break;
            case LeaderSet m:
                text.Append('L').Append(m.Term).Append('[').AppendJoin(' ', m.Seats.Select(s => $"{s.Slot}={s.Holder}@{s.Since}")).Append(']');
                break;
            case PartySet m:
                text.Append('{').AppendJoin(' ', m.Contributions.Select(c => c.Party)).Append('}');
                break;
            case RoundSpec m:
                text.Append($"spec({m.Round} #{m.Digest.ToString()[..6]} {m.Layout} n={m.Participants.Length} k_min={m.KMin})");
                break;
            case KeyOffer m:
                text.Append($"offer({m.Slot} of {m.Term} by {m.Holder})");
                break;
            case ReadOnlyMemory<byte> or Credentials or RunId:
                break;
            case IEnumerable m:
                AppendAll(text, m);
                break;
            default:
                AppendRecord(text, what);
                break;
        }
    }

    private static void AppendAll(StringBuilder text, IEnumerable all)
    {
        text.Append('[');
        foreach (object? one in all)
        {
            Append(text, one);
            text.Append(' ');
        }

        text.Append(']');
    }

    private static void AppendRecord(StringBuilder text, object record)
    {
        var type = record.GetType();
        text.Append(type.DeclaringType is { } outer && outer.IsAbstract ? $"{outer.Name}." : "").Append(type.Name).Append('(');
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0))
        {
            if (property.Name != "EqualityContract")
            {
                Append(text, property.GetValue(record));
                text.Append(' ');
            }
        }

        text.Append(')');
    }
}
