using System.Text.Json.Nodes;
using DemoFl.Cli.Output;

namespace DemoFl.Cli.Runs;

/// <summary>Puts a run's reorganisations together from the server's events. Not thread-safe.</summary>
internal sealed class Reorganisations
{
    private readonly List<ReorganisationRow> _rows = [];
    private readonly Dictionary<int, (string Node, string Reason)> _lost = [];

    /// <summary>In the order in which they began.</summary>
    public IReadOnlyList<ReorganisationRow> Rows => _rows;

    public void On(string kind, JsonObject line)
    {
        switch (kind)
        {
            case "leaderLost":
                _lost[line["slot"]!.GetValue<int>()] = (line["node"]!.GetValue<string>(), line["reason"]!.GetValue<string>());
                break;
            case "reorganising":
                int slot = line["slot"]!.GetValue<int>();
                (string? node, string? reason) = _lost.TryGetValue(slot, out var lost) ? lost : default;
                _rows.Add(new ReorganisationRow { Round = RoundOf(line), Term = line["term"]!.GetValue<ulong>(), Slot = slot, Lost = node, Reason = reason });
                break;
            case "replaced" when Of(line) is { } row:
                _rows[^1] = row with { Holder = line["node"]!.GetValue<string>() };
                break;
            case "resumed" when Of(line) is { } row:
                _rows[^1] = row with { Resealed = line["resealed"]!.GetValue<int>(), Seconds = Math.Round(line["seconds"]!.GetValue<double>(), 4) };
                break;
        }
    }

    /// <summary>A round is reorganised by itself: the last one begun is the one that goes on.</summary>
    private ReorganisationRow? Of(JsonObject line) => _rows.Count > 0 && _rows[^1].Round == RoundOf(line) ? _rows[^1] : null;

    private static ulong RoundOf(JsonObject line) => line["round"]!.GetValue<ulong>();
}
