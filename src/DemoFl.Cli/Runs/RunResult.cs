using System.Text.Json;
using System.Text.Json.Nodes;
using DemoFl.Cli.Output;

namespace DemoFl.Cli.Runs;

/// <summary>What a run came to.</summary>
internal sealed record RunResult(
    int ExitCode, string Reason, IReadOnlyList<RoundRow> Rounds, double ElectionSeconds, double KeySeconds, string? Checkpoint,
    (string Path, ulong Round)? Best, string Folder, IReadOnlyList<ReorganisationRow> Reorganisations)
{
    public RoundRow? Last => Rounds.Count == 0 ? null : Rounds[^1];

    /// <summary>Bytes that one party sent in all rounds, on average.</summary>
    public double BytesPerParty => Rounds.Sum(r => (double)r.PartyBytesUp / Math.Max(1, r.Parties));

    public JsonObject ToJson(IReadOnlyDictionary<string, string> job) => new()
    {
        ["job"] = new JsonObject(job.Select(j => KeyValuePair.Create(j.Key, (JsonNode?)j.Value))),
        ["succeeded"] = ExitCode == Cli.ExitCode.Success,
        ["reason"] = Reason,
        ["electionSeconds"] = ElectionSeconds,
        ["keySeconds"] = KeySeconds,
        ["checkpoint"] = Checkpoint,
        ["best"] = Best?.Path,
        ["bestRound"] = Best?.Round,
        ["reorganisations"] = JsonSerializer.SerializeToNode(Reorganisations),
        ["rounds"] = JsonSerializer.SerializeToNode(Rounds),
    };
}
