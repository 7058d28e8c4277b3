using System.Text.Json;
using System.Text.Json.Nodes;

namespace DemoFl.Figures.Accuracy;

/// <summary>One committed round as <c>demofl run</c> reports it.</summary>
internal sealed record RoundRow(ulong Round, int Parties, int Intersection, double Seconds, double? Loss, double? Accuracy, long PartyBytesUp);

/// <summary>
/// The folder of one run: what <c>demofl run</c> keeps there, and its event lines, which are there even when the run was cut off before its report.
/// </summary>
internal sealed class RunFolder(string path)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public string Path => path;

    /// <summary>Where the run's event lines are kept.</summary>
    public string Events => System.IO.Path.Combine(path, "events.jsonl");

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

    /// <summary>
    /// An empty folder for a run from its first round. A run that was interrupted is not gone on with: the number of the round that was given up is
    /// used up, and all later draws and shuffles, which follow from the number, would be others than in the runs it is compared with.
    /// </summary>
    /// <returns>Keeps every other process away from the folder until it is disposed.</returns>
    /// <exception cref="FigureException">Another process is at this run.</exception>
    public IDisposable Begin()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        FileStream taken;
        try
        {
            taken = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
        }
        catch (IOException)
        {
            throw new FigureException($"Another scripts/figures is at {path}. Wait for it, or stop it.");
        }

        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        Directory.CreateDirectory(path);
        return taken;
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
