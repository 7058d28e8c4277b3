using System.Text.Json;
using System.Text.Json.Nodes;

namespace DemoFl.Figures.Accuracy;

/// <summary>One committed round as <c>demofl run</c> reports it.</summary>
internal sealed record RoundRow(ulong Round, int Parties, int Intersection, double Seconds, double? Loss, double? Accuracy, long PartyBytesUp);

/// <summary>
/// The folder of one run: what <c>demofl run</c> keeps there, and its event lines, which outlive a run that was ended without a report.
/// </summary>
internal sealed class RunFolder(string path)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public string Path => path;

    /// <summary>Where the event lines of all attempts at this run are kept, one after the other.</summary>
    public string Events => System.IO.Path.Combine(path, "events.jsonl");

    /// <summary>Whether there is a run to go on with.</summary>
    public bool IsBegun => File.Exists(System.IO.Path.Combine(path, "journal"));

    /// <summary>The newest checkpoint, or null.</summary>
    public string? NewestCheckpoint => Directory.Exists(System.IO.Path.Combine(path, "checkpoints"))
        ? Directory.EnumerateFiles(System.IO.Path.Combine(path, "checkpoints"), "round-*.safetensors").Max(StringComparer.Ordinal)
        : null;

    /// <summary>The committed rounds so far, in order.</summary>
    public IReadOnlyList<RoundRow> Rounds()
    {
        var rounds = new SortedDictionary<ulong, RoundRow>();
        string report = System.IO.Path.Combine(path, "report.json");
        var reported = File.Exists(report) ? JsonNode.Parse(File.ReadAllText(report))!["rounds"]!.AsArray().Select(n => n!) : [];
        foreach (var node in reported.Concat(EventsOf("round")))
        {
            var row = node.Deserialize<RoundRow>(Web)!;
            rounds[row.Round] = row;
        }

        return [.. rounds.Values];
    }

    private IEnumerable<JsonNode> EventsOf(string kind)
    {
        foreach (string line in File.Exists(Events) ? File.ReadLines(Events) : [])
        {
            // The last line of a run that was cut off may be half a line.
            JsonNode? node = null;
            try
            {
                node = JsonNode.Parse(line);
            }
            catch (JsonException)
            {
                continue;
            }

            if ((string?)node?["event"] == kind)
            {
                yield return node!;
            }
        }
    }
}
