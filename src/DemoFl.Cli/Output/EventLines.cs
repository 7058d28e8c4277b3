using System.Text.Json;
using System.Text.Json.Nodes;
using DemoFl.Protocol;
using DemoFl.Relay;

namespace DemoFl.Cli.Output;

/// <summary>A run's events as JSON objects, one a line: what <c>--json</c> prints and what a parent process reads. Thread-safe.</summary>
internal sealed class EventLines(TextWriter output) : IRunObserver
{
    private readonly Lock _gate = new();

    public void On(CoordinatorEvent happened)
    {
        JsonObject? line = happened switch
        {
            CoordinatorEvent.WaitingForNodes m => new() { ["present"] = m.Present, ["needed"] = m.Needed },
            CoordinatorEvent.WaitingForCandidates m => new() { ["processes"] = m.Processes, ["needed"] = m.Needed },
            CoordinatorEvent.ElectionStarted m => new() { ["term"] = m.Term.Value },
            CoordinatorEvent.LeadersSeated m => new()
            {
                ["term"] = m.Leaders.Term.Value, ["seconds"] = m.Took.TotalSeconds,
                ["leaders"] = new JsonArray([.. m.Leaders.Seats.Select(s => (JsonNode)s.Holder.ToString())]),
            },
            CoordinatorEvent.KeysReady m => new()
            {
                ["term"] = m.Term.Value, ["nodes"] = m.Nodes, ["absent"] = m.Absent, ["seconds"] = m.Took.TotalSeconds,
            },
            CoordinatorEvent.RoundStarted m => new() { ["round"] = m.Spec.Round.Value, ["parties"] = m.Spec.Participants.Length },
            CoordinatorEvent.StageReached m => new() { ["round"] = m.Round.Value, ["stage"] = m.Stage.ToString(), ["parties"] = m.Parties },
            CoordinatorEvent.Refused m => new() { ["round"] = m.Round.Value, ["node"] = m.Node.ToString(), ["reason"] = m.Reason },
            CoordinatorEvent.Aborted m => new() { ["round"] = m.Round.Value, ["reason"] = m.Reason },
            CoordinatorEvent.StatisticsClipped m => new()
            {
                ["round"] = m.Round.Value, ["stage"] = StatisticsText.StageOf(m.Stage), ["values"] = m.Values, ["clip"] = m.Clip,
            },
            CoordinatorEvent.LeaderLost m => new()
            {
                ["term"] = m.Term.Value, ["slot"] = m.Slot.Index, ["node"] = m.Node.ToString(), ["reason"] = m.Reason,
            },
            CoordinatorEvent.Reorganising m => new() { ["round"] = m.Round.Value, ["term"] = m.Term.Value, ["slot"] = m.Slot.Index },
            CoordinatorEvent.Replaced m => new()
            {
                ["round"] = m.Round.Value, ["term"] = m.Term.Value, ["slot"] = m.Slot.Index, ["node"] = m.Holder.ToString(), ["seconds"] = m.Took.TotalSeconds,
            },
            CoordinatorEvent.Resumed m => new()
            {
                ["round"] = m.Round.Value, ["term"] = m.Term.Value, ["resealed"] = m.Resealed, ["seconds"] = m.Took.TotalSeconds,
            },
            CoordinatorEvent.RoundTakenUp m => new() { ["round"] = m.Round.Value, ["leaders"] = m.Leaders },
            CoordinatorEvent.TenureOver m => new() { ["term"] = m.Term.Value, ["slot"] = m.Slot.Index, ["node"] = m.Holder.ToString() },
            _ => null,
        };
        if (line is not null)
        {
            Write(char.ToLowerInvariant(happened.GetType().Name[0]) + happened.GetType().Name[1..], line);
        }
    }

    public void On(RoundReport report) => Write("round", JsonSerializer.SerializeToNode(RoundRow.Of(report))!.AsObject());

    public void Write(string kind, JsonObject line)
    {
        line.Insert(0, "event", kind);
        lock (_gate)
        {
            output.WriteLine(line.ToJsonString());
            output.Flush();
        }
    }
}
