using DemoFl.Protocol;
using DemoFl.Relay;

namespace DemoFl.Cli.Output;

/// <summary>A run as plain lines, for terminals without a live table and for logs.</summary>
internal sealed class RunLines(TextWriter output, NodeNames names) : IRunObserver
{
    public void On(CoordinatorEvent happened)
    {
        string? line = happened switch
        {
            CoordinatorEvent.WaitingForNodes m => $"{m.Present} of {m.Needed} nodes",
            CoordinatorEvent.WaitingForCandidates m => $"{m.Processes} processes can lead, {m.Needed} are needed; one process holds one slot",
            CoordinatorEvent.LeadersSeated m => $"term {m.Leaders.Term}: leaders {string.Join(", ", m.Leaders.Seats.Select(s => s.Holder))}, elected in {m.Took.TotalSeconds:0.00} s",
            CoordinatorEvent.KeysReady m => $"term {m.Term}: {m.Nodes} nodes have keys after {m.Took.TotalSeconds:0.00} s{(m.Absent > 0 ? $", {m.Absent} have not" : "")}",
            CoordinatorEvent.Refused m => $"round {m.Round}: {Name(m.Node)} sits out: {m.Reason}",
            CoordinatorEvent.Aborted m => $"round {m.Round}: aborted: {m.Reason}",
            CoordinatorEvent.StatisticsClipped m => StatisticsText.Clipped($"{m.Round}", StatisticsText.StageOf(m.Stage)!, $"{m.Values}", m.Clip),
            CoordinatorEvent.LeaderLost m => $"term {m.Term}: {ReorganisationText.Lost($"{m.Slot}", Name(m.Node), m.Reason)}",
            CoordinatorEvent.Reorganising m => ReorganisationText.Begun($"{m.Round}", $"{m.Slot}"),
            CoordinatorEvent.Replaced m => ReorganisationText.Replaced($"{m.Round}", $"{m.Slot}", Name(m.Holder), m.Took.TotalSeconds),
            CoordinatorEvent.Resumed m => ReorganisationText.Resumed($"{m.Round}", m.Resealed, m.Took.TotalSeconds),
            CoordinatorEvent.RoundTakenUp m => ReorganisationText.TakenUp($"{m.Round}", m.Leaders),
            CoordinatorEvent.TenureOver m => $"term {m.Term}: {ReorganisationText.TenureOver($"{m.Slot}", Name(m.Holder))}",
            _ => null,
        };
        if (line is not null)
        {
            output.WriteLine(line);
        }
    }

    public void On(RoundReport report) => output.WriteLine(
        $"round {report.Round}: {report.Intersection} of {report.Parties} parties, {report.Seconds:0.00} s, "
        + $"{Bytes.Show(report.Traffic.Up)} up, {Bytes.Show(report.Traffic.Down)} down, {Judged(report)}");

    private string Name(NodeId node) => names.Show(node.ToString());

    private static string Judged(RoundReport report) => StatisticsText.StageOf(report.Stage) is { } stage ? StatisticsText.Measured(stage)
        : double.IsNaN(report.Accuracy) && double.IsNaN(report.TrainingLoss) ? "judged by nobody"
        : double.IsNaN(report.Accuracy) ? $"training loss {report.TrainingLoss:0.0000}, training accuracy {report.TrainingAccuracy:0.00 %}"
        : $"loss {report.Loss:0.0000}, accuracy {report.Accuracy:0.00 %}";
}
