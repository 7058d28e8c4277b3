using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using DemoFl.Protocol;

namespace DemoFl.Node.Owner;

/// <summary>
/// One line of a record: a JSON object with its number <c>n</c>, the time <c>at</c> (UTC), the <c>event</c>, what it is about, and the SHA-256 of
/// the line before it as <c>prev</c> (zeros for the first), so that a line which is changed, added or taken out shows.
/// </summary>
/// <param name="Number">From 1, without gaps.</param>
/// <param name="At">When it was written.</param>
/// <param name="Event">The kind.</param>
/// <param name="Fields">The whole object.</param>
/// <param name="Previous">SHA-256 of the line before.</param>
/// <param name="Hash">SHA-256 of this line's bytes, without the line break.</param>
public sealed record RecordLine(long Number, DateTimeOffset At, string Event, JsonObject Fields, Hash256 Previous, Hash256 Hash)
{
    /// <summary>Reads a line; null for what is none.</summary>
    public static RecordLine? Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(bytes) is JsonObject fields && IsReadable(fields)
                && fields["prev"]?.GetValue<string>() is { Length: 2 * Hash256.Size } previous
                && DateTimeOffset.TryParse(fields["at"]?.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
                && fields["event"]?.GetValue<string>() is { } kind && fields["n"]?.GetValue<long>() is { } number
                ? new RecordLine(number, at, kind, fields, new Hash256(Convert.FromHexString(previous)), Hash256.Of(bytes))
                : null;
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// Always, unless it throws: texts that are no Unicode are noticed only when they are read, and must be before somebody shows the line.
    /// </summary>
    private static bool IsReadable(JsonObject fields) => fields.ToJsonString().Length > 0
        && fields.All(f => f.Value is not JsonValue value || value.ToString() is not null);

    /// <summary>A text of the line, or empty.</summary>
    public string Text(string key) => Fields[key] is JsonValue value ? value.ToString() : "";

    /// <summary>A whole number of the line, or 0.</summary>
    public long Count(string key) => Fields[key] is JsonValue value && value.TryGetValue(out long count) ? count : 0;

    /// <summary>The bytes of a line, without the line break, and their hash.</summary>
    internal static (byte[] Bytes, Hash256 Hash) Compose(long number, DateTimeOffset at, RecordNote note, Hash256 previous)
    {
        var line = new JsonObject
        {
            ["n"] = number, ["at"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture), ["event"] = note.Event,
        };
        foreach (var (key, value) in note.Fields)
        {
            line[key] = value?.DeepClone();
        }

        line["prev"] = previous.ToString();
        byte[] bytes = Encoding.UTF8.GetBytes(line.ToJsonString());
        return (bytes, Hash256.Of(bytes));
    }
}
