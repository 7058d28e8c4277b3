using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;

namespace DemoFl.Cli.Tests.Runs;

public sealed class LineDisplayTests : IDisposable
{
    private readonly StringWriter _output = new() { NewLine = "\n" };

    [Fact]
    public void Json_EventsAndRounds_PassAsTheyAre()
    {
        var display = new LineDisplay(_output, json: true);
        display.Event("roundStarted", "", "{\"event\":\"roundStarted\"}");
        display.Event("waitingForNodes", "1 of 3 nodes are here", "{\"event\":\"waitingForNodes\"}");
        display.Round(new RoundRow { Round = 1 }, "{\"event\":\"round\"}");
        Assert.Equal("{\"event\":\"roundStarted\"}\n{\"event\":\"waitingForNodes\"}\n{\"event\":\"round\"}\n", _output.ToString());
    }

    [Fact]
    public void Text_EventForProgramsOnly_PrintsNothing()
    {
        var display = new LineDisplay(_output, json: false);
        display.Event("roundStarted", "", "{}");
        Assert.Empty(_output.ToString());
        display.Event("aborted", "round 1 aborted: late", "{}");
        Assert.Equal("  round 1 aborted: late\n", _output.ToString());
    }

    [Fact]
    public void Text_ManyArrivals_PrintNotOneLineEach()
    {
        var display = new LineDisplay(_output, json: false);
        for (int i = 1; i <= 100; i++)
        {
            display.Event("waitingForNodes", $"{i} of 100 nodes are here", "{}");
        }

        Assert.True(_output.ToString().Split('\n').Length < 50, _output.ToString());
    }

    [Fact]
    public void Text_Round_IsTheTablesLine()
    {
        var row = new RoundRow { Round = 12, Parties = 4, Intersection = 4, Leaders = 3 };
        new LineDisplay(_output, json: false).Round(row, "{}");
        Assert.Equal(RoundTable.Line(row) + "\n", _output.ToString());
    }

    public void Dispose() => _output.Dispose();
}
