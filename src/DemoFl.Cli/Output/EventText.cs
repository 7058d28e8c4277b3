using System.Text.Json.Nodes;

namespace DemoFl.Cli.Output;

/// <summary>Event lines for people; empty for those that only a program wants.</summary>
internal static class EventText
{
    public static string Of(string kind, JsonObject line, NodeNames? names = null) => kind switch
    {
        "listening" => $"server on {line["address"]}",
        "waitingForNodes" => $"{line["present"]} of {line["needed"]} nodes are here",
        "waitingForCandidates" => $"{line["processes"]} processes can lead, {line["needed"]} are needed; one process holds one slot",
        "leadersSeated" => $"term {line["term"]}: leaders {string.Join(", ", line["leaders"]!.AsArray())} elected in {(double)line["seconds"]!:0.00} s",
        "keysReady" => $"term {line["term"]}: {line["nodes"]} nodes agreed keys with them in {(double)line["seconds"]!:0.00} s",
        "refused" => $"round {line["round"]}: {NodeOf(line, names)} sits out: {line["reason"]}",
        "aborted" => $"round {line["round"]} aborted: {line["reason"]}",
        "leaderKilled" => $"the process of {line["node"]}, a leader, is killed in the middle of the round",
        "nodeDied" => $"the process of {line["node"]} died; the run goes on",
        "statisticsClipped" => StatisticsText.Clipped($"{line["round"]}", $"{line["stage"]}", $"{line["values"]}", (double)line["clip"]!),
        "leaderLost" => ReorganisationText.Lost($"{line["slot"]}", NodeOf(line, names), $"{line["reason"]}"),
        "reorganising" => ReorganisationText.Begun($"{line["round"]}", $"{line["slot"]}"),
        "replaced" => ReorganisationText.Replaced($"{line["round"]}", $"{line["slot"]}", NodeOf(line, names), (double)line["seconds"]!),
        "resumed" => ReorganisationText.Resumed($"{line["round"]}", (int)line["resealed"]!, (double)line["seconds"]!),
        "roundTakenUp" => ReorganisationText.TakenUp($"{line["round"]}", (int)line["leaders"]!),
        "tenureOver" => ReorganisationText.TenureOver($"{line["slot"]}", NodeOf(line, names)),
        _ => "",
    };

    private static string NodeOf(JsonObject line, NodeNames? names) => (names ?? NodeNames.None).Show(line["node"]!.GetValue<string>());
}
