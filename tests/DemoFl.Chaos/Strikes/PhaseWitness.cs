using System.Text.Json.Nodes;
using DemoFl.Chaos.Processes;

namespace DemoFl.Chaos.Strikes;

/// <summary>Says what a federation was doing, from what its processes said and wrote down.</summary>
internal static class PhaseWitness
{
    /// <summary>Far more than a node writes down in a round, and far less than in a run.</summary>
    private const int LinesOfARoundBytes = 32 * 1024;

    /// <summary>By all events up to an index, and the parties' own records, in which everything stands before it is sent.</summary>
    public static Moment At(ProcessFederation federation, int index)
    {
        var moment = Of(federation.Events.All.Take(index));
        return moment is { Phase: Phase.Training, Round: { } round } ? moment with { Phase = Sent(federation.KeyFolder, round) } : moment;
    }

    /// <summary>By the server's events alone, for which training, announcing and uploading are one.</summary>
    public static Moment Of(IEnumerable<ChaosEvent> events)
    {
        var (moment, life) = (new Moment(Phase.Join, null), 0);
        foreach (var happened in events.Where(e => e.IsOfServer))
        {
            // A server that is started again knows of a round what it says of it.
            moment = After(happened.Life == life ? moment : new Moment(Phase.Join, null), happened);
            life = happened.Life;
        }

        return moment;
    }

    /// <summary>How far the parties of a round are, by the last word of the records below a folder of keys.</summary>
    public static Phase Sent(string keyFolder, ulong round)
    {
        var lines = RecordLines(keyFolder).Where(l => (ulong?)l["round"] == round).Select(l => (string?)l["event"]).ToHashSet();
        return lines.Contains("vector") ? Phase.Upload : lines.Contains("announcement") ? Phase.Announce : Phase.Training;
    }

    /// <summary>The nodes whose records say that they have sent something of a kind in a round.</summary>
    public static IEnumerable<string> Senders(string keyFolder, ulong round, string kind) => Folders(keyFolder)
        .Where(folder => LinesOf(folder).Any(l => (ulong?)l["round"] == round && (string?)l["event"] == kind))
        .Select(folder => Path.GetFileName(folder));

    private static Moment After(Moment moment, ChaosEvent happened) => happened.Kind switch
    {
        "waitingForNodes" or "waitingForCandidates" => new Moment(Phase.Join, null),
        "roundTakenUp" => new Moment(Phase.Release, happened.Round),
        "electionStarted" when moment.Phase != Phase.Reorganisation => new Moment(Phase.Election, null),
        "leadersSeated" => new Moment(Phase.Keys, null),
        "keysReady" => new Moment(Phase.Between, null),
        "roundStarted" => new Moment(Phase.Training, happened.Round),
        "stageReached" => new Moment(OfStage(happened.Text("stage")), happened.Round),
        "reorganising" => moment with { Phase = Phase.Reorganisation },
        "resumed" => moment with { Phase = Phase.Training },
        "aborted" when happened.Round == moment.Round => new Moment(Phase.Between, null),
        "round" when happened.Round == moment.Round => new Moment(Phase.Between, null),
        _ => moment,
    };

    private static Phase OfStage(string stage) => stage switch
    {
        "Uploading" => Phase.Training,
        "Resealing" => Phase.Reorganisation,
        "Intersecting" or "Agreeing" => Phase.Intersect,
        "Closing" or "Releasing" => Phase.Release,
        "Committing" => Phase.Commit,
        _ => Phase.Between,
    };

    private static IEnumerable<JsonNode> RecordLines(string keyFolder) => Folders(keyFolder).SelectMany(LinesOf);

    private static string[] Folders(string keyFolder) =>
        Directory.Exists(Path.Combine(keyFolder, "node-log")) ? Directory.GetDirectories(Path.Combine(keyFolder, "node-log")) : [];

    private static IEnumerable<JsonNode> LinesOf(string folder) =>
        Directory.GetFiles(folder, "*.jsonl").Order(StringComparer.Ordinal).TakeLast(1).SelectMany(WholeLines);

    /// <summary>The first line may be cut by where the reading begins, and the last may be half there.</summary>
    private static IEnumerable<JsonNode> WholeLines(string path)
    {
        foreach (string line in SharedFile.ReadEndText(path, LinesOfARoundBytes).Split('\n'))
        {
            if (line is ['{', .., '}'] && JsonNode.Parse(line) is { } node)
            {
                yield return node;
            }
        }
    }
}
