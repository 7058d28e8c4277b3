using System.Text.Json;
using DemoFl.Benchmarks.Measuring;

namespace DemoFl.Benchmarks.Tests;

public sealed class ReportTests
{
    private static readonly Report Sample = new(
        new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc), "a machine", Quick: false, Repetitions: 2,
        [
            Row.Compare("slow", "MB/s", [500, 500], [1000, 1000], new Budget(Bound.AtLeast, 0.9), judged: true),
            Row.Compare("cost", "CPU-s/GB", [1.5, 1.5], [1, 1], null, judged: true),
        ]);

    [Fact]
    public void ToJson_Rows_HaveTheAgreedFields()
    {
        using var json = JsonDocument.Parse(Sample.ToJson());

        var rows = json.RootElement.GetProperty("rows");
        Assert.Equal(2, rows.GetArrayLength());
        Assert.Equal("slow", rows[0].GetProperty("name").GetString());
        Assert.Equal(500, rows[0].GetProperty("ours").GetDouble());
        Assert.Equal(1000, rows[0].GetProperty("reference").GetDouble());
        Assert.Equal(0.5, rows[0].GetProperty("ratio").GetDouble());
        Assert.Equal("at-least", rows[0].GetProperty("budget").GetProperty("bound").GetString());
        Assert.Equal(0.9, rows[0].GetProperty("budget").GetProperty("ratio").GetDouble());
        Assert.False(rows[0].GetProperty("ok").GetBoolean());
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("budget").ValueKind);
        Assert.Equal(JsonValueKind.Null, rows[1].GetProperty("ok").ValueKind);
    }

    [Fact]
    public void ToTable_Rows_AreAlignedAndNameTheMiss()
    {
        var lines = Sample.ToTable().Split('\n');

        Assert.Equal(4, lines.Length);
        Assert.Single(lines.Select(line => line.Length).Distinct());
        Assert.Contains("MISSED", lines[2], StringComparison.Ordinal);
        Assert.Contains(">= 0.90", lines[2], StringComparison.Ordinal);
    }
}
