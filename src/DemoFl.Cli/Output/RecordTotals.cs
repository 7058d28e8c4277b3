using DemoFl.Node.Owner;

namespace DemoFl.Cli.Output;

/// <summary>What the lines of a record come to, in sentences.</summary>
internal static class RecordTotals
{
    public static IEnumerable<string> Of(IReadOnlyList<RecordLine> lines)
    {
        var vectors = lines.Where(l => l.Event == "vector").ToArray();
        foreach (var (layout, what) in new[] { ("masked", "masked vectors"), ("rotating", "masked vectors"), ("plain", "updates in the open") })
        {
            RecordLine[] sent = [.. vectors.Where(v => v.Text("layout") == layout)];
            if (sent.Length > 0)
            {
                string to = layout == "rotating" ? Count(sent.Select(v => v.Text("to")).Distinct().Count(), "leader") : "the coordinator";
                yield return $"In {Rounds(sent)}, {Bytes.Show(sent.Sum(v => v.Count("length")))} of {what} left this node to {to}.";
            }
        }

        if (vectors.Length == 0)
        {
            yield return "No vector left this node.";
        }

        RecordLine[] sums = [.. lines.Where(l => l.Event == "sum")];
        if (sums.Length > 0)
        {
            yield return $"As a leader it released the sum of others' masks in {Rounds(sums)}, {Bytes.Show(sums.Sum(s => s.Count("length")))}.";
        }

        int declined = lines.Where(l => l.Event == "declined").Select(l => l.Count("round")).Distinct().Count();
        if (declined > 0)
        {
            yield return $"It declined {Count(declined, "round")}.";
        }

        if (lines.Sum(l => l.Count("messages")) is > 0 and var messages)
        {
            yield return $"All messages together, from the first word of a join to the last acknowledgement: {messages:N0}, {Bytes.Show(lines.Sum(l => l.Count("bytes")))}.";
        }

        if (lines.Sum(l => l.Count("unrecorded")) is > 0 and var lost)
        {
            yield return $"{Count(lost, "note")} could not be written; no key, announcement, vector or sum was sent meanwhile.";
        }
    }

    private static string Rounds(RecordLine[] lines) =>
        $"{Count(lines.Select(l => (l.Text("run"), l.Count("round"))).Distinct().Count(), "round")} of {Count(lines.Select(l => l.Text("run")).Distinct().Count(), "run")}";

    private static string Count(long count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
}
