using System.Text.Json;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;
using DemoFl.Protocol;
using DemoFl.Relay;

namespace DemoFl.Cli.Tests.Output;

public sealed class RoundRowTests
{
    private static readonly RoundReport Report = new(
        new Round(7), Parties: 10, Intersection: 9, Leaders: 3, Seconds: 1.23456, Loss: 0.5, Accuracy: 0.875, TrainingLoss: 0.25, TrainingAccuracy: 0.75,
        ClippedShare: 0.001, new TrafficCount(VectorsUp: 1_000, SumsUp: 200, RelayUp: 30, ControlUp: 4, ModelsDown: 5_000, RelayDown: 600, ControlDown: 7));

    [Fact]
    public void Json_Names_AreThePublishedOnes()
    {
        var row = JsonSerializer.SerializeToNode(RoundRow.Of(Report))!.AsObject();
        Assert.Equal(
            [
                "round", "parties", "intersection", "leaders", "seconds", "loss", "accuracy", "bytesUp", "bytesDown", "partyBytesUp", "trainingLoss",
                "trainingAccuracy", "clippedShare",
            ],
            row.Select(p => p.Key));
        Assert.Equal((7, 10, 9, 3), (row.Number("round"), row.Number("parties"), row.Number("intersection"), row.Number("leaders")));
        Assert.Equal((1_234, 5_607, 1_034), (row.Number("bytesUp"), row.Number("bytesDown"), row.Number("partyBytesUp")));
        Assert.Equal([1.2346, 0.5, 0.875], new[] { "seconds", "loss", "accuracy" }.Select(k => row[k]!.GetValue<double>()));
    }

    /// <summary>JSON has no NaN: a parent process, or anybody, must be able to read the line.</summary>
    [Fact]
    public void Json_FiguresThatDoNotExist_AreNullAndReadBack()
    {
        var report = Report with { Loss = double.NaN, Accuracy = double.NaN, TrainingLoss = double.NaN, TrainingAccuracy = double.PositiveInfinity, ClippedShare = double.NaN };
        var row = RoundRow.Of(report);
        string json = JsonSerializer.Serialize(row);
        Assert.Equal(5, json.Split("null").Length - 1);
        Assert.Equal(row, JsonSerializer.Deserialize<RoundRow>(json));
    }

    [Fact]
    public void Line_Row_HasEveryFigure()
    {
        string line = RoundTable.Line(RoundRow.Of(Report));
        Assert.All(["round   7", "9/10 parties", "1.23 s", "1.23 kB up", "5.61 kB down", "loss  0.5000", "87.50 %"], part => Assert.Contains(part, line, StringComparison.Ordinal));
    }

    [Fact]
    public void RoundThatMeasuresColumns_SaysSoInsteadOfAModelsFigures()
    {
        var report = Report with { Loss = double.NaN, Accuracy = double.NaN, Stage = TrainingStage.Variances };
        Assert.EndsWith("  the columns' variances are known", RoundTable.Line(RoundRow.Of(report)), StringComparison.Ordinal);
        Assert.Equal("variances", JsonSerializer.SerializeToNode(RoundRow.Of(report))!.AsObject().Text("stage"));
        var output = new StringWriter();
        new RunLines(output, NodeNames.None).On(report);
        Assert.EndsWith(", the columns' variances are known", output.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void Line_NotJudged_ShowsADash()
    {
        string line = RoundTable.Line(RoundRow.Of(Report with { Loss = double.NaN, Accuracy = double.NaN }));
        Assert.EndsWith("loss       -  accuracy       -", line, StringComparison.Ordinal);
    }

    [Fact]
    public void RunLines_NotJudgedByThePartiesEither_SaysSo()
    {
        var output = new StringWriter();
        new RunLines(output, NodeNames.None).On(Report with
        {
            Loss = double.NaN, Accuracy = double.NaN, TrainingLoss = double.NaN, TrainingAccuracy = double.NaN,
        });
        Assert.EndsWith(", judged by nobody", output.ToString().TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void RunLines_NotJudged_ShowsWhatThePartiesSaw()
    {
        var output = new StringWriter();
        new RunLines(output, NodeNames.None).On(Report with { Loss = double.NaN, Accuracy = double.NaN });
        Assert.Contains("training loss 0.2500, training accuracy 75.00 %", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", output.ToString(), StringComparison.Ordinal);
    }
}
