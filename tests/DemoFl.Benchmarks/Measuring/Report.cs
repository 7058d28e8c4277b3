using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DemoFl.Benchmarks.Measuring;

/// <summary>The rows of a run, for people and for programs.</summary>
/// <param name="Date">When, in UTC.</param>
/// <param name="Machine">On what.</param>
/// <param name="Quick">Whether it was a run that judges nothing.</param>
/// <param name="Repetitions">How many pairs each row is the median of.</param>
/// <param name="Rows">What came out.</param>
internal sealed record Report(DateTime Date, string Machine, bool Quick, int Repetitions, IReadOnlyList<Row> Rows)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The runtime, the system and the number of processors.</summary>
    public static string DescribeMachine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {Environment.ProcessorCount} processors");

    /// <summary>An object whose <c>rows</c> each have <c>name, ours, reference, ratio, budget, ok</c>, and more about them.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>A table in Markdown.</summary>
    public string ToTable()
    {
        string[][] cells =
        [
            ["name", "unit", "ours", "reference", "ratio", "quartiles", "budget", "ok"],
            .. Rows.Select(Cells),
        ];
        var widths = Enumerable.Range(0, cells[0].Length).Select(column => cells.Max(row => row[column].Length)).ToArray();
        var lines = cells.Select(row => $"| {string.Join(" | ", row.Select((cell, column) => cell.PadRight(widths[column])))} |").ToList();
        lines.Insert(1, $"|{string.Join("|", widths.Select(width => new string('-', width + 2)))}|");
        return string.Join('\n', lines);
    }

    private static string[] Cells(Row row) =>
    [
        row.Name,
        row.Unit,
        Number(row.Ours),
        Number(row.Reference),
        Fixed(row.Ratio),
        $"{Fixed(row.RatioLow)} to {Fixed(row.RatioHigh)}",
        row.Budget is { } budget ? $"{(budget.Bound == Bound.AtLeast ? ">=" : "<=")} {Fixed(budget.Ratio)}" : "",
        row.Ok switch { true => "ok", false => "MISSED", null => "" },
    ];

    private static string Number(double value) => value.ToString(value < 100 ? "0.000" : "0", CultureInfo.InvariantCulture);

    private static string Fixed(double ratio) => ratio.ToString("0.00", CultureInfo.InvariantCulture);
}
