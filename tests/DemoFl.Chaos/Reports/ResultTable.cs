using System.Globalization;

namespace DemoFl.Chaos.Reports;

/// <summary>Results as a table of text, fault x role x phase.</summary>
internal static class ResultTable
{
    private static readonly string[] Columns = ["scenario", "fault", "role", "phase", "ok", "recovery s", "what happened"];

    public static string Of(IReadOnlyList<ResultRow> rows)
    {
        string[][] cells = [Columns, .. rows.Select(Cells)];
        int[] widths = [.. Columns.Select((_, i) => cells.Max(c => c[i].Length))];
        return string.Join('\n', cells.Select(c => string.Join("  ", c.Select((text, i) => i == Columns.Length - 1 ? text : text.PadRight(widths[i]))))) + "\n";
    }

    /// <summary>How many were well, and how long recovery took.</summary>
    public static string Summary(IReadOnlyList<ResultRow> rows)
    {
        double[] seconds = [.. rows.Where(r => r.Skipped is null && r.RecoverySeconds is not null).Select(r => r.RecoverySeconds!.Value).Order()];
        string recovery = seconds.Length == 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"; recovery: median {Median(seconds):0.00} s, worst {seconds[^1]:0.00} s");
        int skipped = rows.Count(r => r.Skipped is not null);
        int tried = rows.Count - skipped;
        return $"{rows.Count(r => r.Ok)} of {tried} as expected{(skipped > 0 ? $", {skipped} skipped" : "")}{recovery}";
    }

    private static double Median(double[] sorted) => (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;

    private static string[] Cells(ResultRow row) =>
    [
        row.Scenario, row.Fault, row.Role, row.Phase, row.Skipped is not null ? "skipped" : row.Ok ? "yes" : "NO",
        row.RecoverySeconds?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-", row.Happened.ReplaceLineEndings(" "),
    ];
}
