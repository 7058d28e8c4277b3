using System.Buffers;
using System.Text.Json;

namespace DemoFl.Relay.Audit;

/// <summary>One line of the audit file: a JSON object in ASCII, everything else escaped, every text bounded.</summary>
internal static class AuditLine
{
    /// <summary>No line is longer, in bytes: four texts of characters that take six bytes each, an id and the field names.</summary>
    public const int MaxBytes = 8 * 1024;

    private static readonly string[] KindNames = [.. Enum.GetNames<AuditKind>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    /// <summary>What happened.</summary>
    public static byte[] Of(DateTimeOffset time, in AuditEvent happened)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            Begin(json, time, happened.Kind, happened.Peer);
            if (happened.Session is { } session)
            {
                json.WriteString("node", Convert.ToHexStringLower(session.Node.Value.ToArray()));
                json.WriteString("name", AuditText.Shortened(session.Credentials.Name));
            }

            json.WriteString("what", AuditText.Shortened(happened.What));
            json.WriteString("reason", AuditText.Shortened(happened.Reason));
            json.WriteEndObject();
        }

        return Ended(line);
    }

    /// <summary>How many more of a kind came from a peer than have lines of their own.</summary>
    public static byte[] More(DateTimeOffset time, AuditKind kind, string peer, long count)
    {
        var line = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(line))
        {
            Begin(json, time, kind, peer);
            json.WriteNumber("more", count);
            json.WriteEndObject();
        }

        return Ended(line);
    }

    private static void Begin(Utf8JsonWriter json, DateTimeOffset time, AuditKind kind, string peer)
    {
        json.WriteStartObject();
        json.WriteString("time", time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteString("kind", KindNames[(int)kind]);
        json.WriteString("peer", AuditText.Shortened(peer));
    }

    private static byte[] Ended(ArrayBufferWriter<byte> line)
    {
        line.Write("\n"u8);
        return line.WrittenSpan.ToArray();
    }
}
