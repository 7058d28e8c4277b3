using System.Text.Json;
using System.Text.Json.Nodes;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;

namespace DemoFl.Cli.Tests.Runs;

public sealed class ReorganisationsTests
{
    private readonly Reorganisations _log = new();

    [Fact]
    public void On_RoundThatWentOn_HasItsWholeStory()
    {
        On("""{"event":"leaderLost","term":4,"slot":0,"node":"0000","reason":"earlier"}""");
        On("""{"event":"leaderLost","term":4,"slot":1,"node":"aaaa","reason":"it has left"}""");
        On("""{"event":"reorganising","round":7,"term":5,"slot":1}""");
        On("""{"event":"replaced","round":7,"term":5,"slot":1,"node":"bbbb","seconds":0.75}""");
        On("""{"event":"resumed","round":7,"term":5,"resealed":9,"seconds":1.50004}""");
        Assert.Equal(
            new ReorganisationRow { Round = 7, Term = 5, Slot = 1, Lost = "aaaa", Reason = "it has left", Holder = "bbbb", Resealed = 9, Seconds = 1.5 },
            Assert.Single(_log.Rows));
    }

    [Fact]
    public void On_RoundThatWasGivenUp_HasNoSeconds()
    {
        On("""{"event":"reorganising","round":7,"term":5,"slot":1}""");
        On("""{"event":"aborted","round":7,"reason":"a second leader is lost"}""");
        On("""{"event":"resumed","round":8,"term":5,"resealed":9,"seconds":1.5}""");
        Assert.Equal(new ReorganisationRow { Round = 7, Term = 5, Slot = 1 }, Assert.Single(_log.Rows));
    }

    [Fact]
    public void Rows_InAReport_ReadBack()
    {
        On("""{"event":"reorganising","round":7,"term":5,"slot":1}""");
        On("""{"event":"replaced","round":7,"term":5,"slot":1,"node":"bbbb","seconds":0.75}""");
        using var folder = new TemporaryFolder();
        var result = new RunResult(0, "done", [], 0, 0, null, null, folder.Path, _log.Rows);
        folder.Write("report.json", result.ToJson(new Dictionary<string, string>()).ToJsonString());
        Assert.Equal(_log.Rows, LastReport.Read(folder.Path).Reorganisations);
        Assert.Equal(["round", "term", "slot", "lost", "reason", "holder", "resealed", "seconds"], JsonSerializer.SerializeToNode(_log.Rows[0])!.AsObject().Select(p => p.Key));
    }

    /// <summary>Reports from before there were reorganisations are gone on with like any other.</summary>
    [Fact]
    public void LastReport_WithoutReorganisations_HasNone()
    {
        using var folder = new TemporaryFolder();
        folder.Write("report.json", """{"rounds":[{"round":1}]}""");
        Assert.Empty(LastReport.Read(folder.Path).Reorganisations);
        Assert.Equal(1ul, Assert.Single(LastReport.Read(folder.Path).Rounds).Round);
    }

    private void On(string line)
    {
        var json = JsonNode.Parse(line)!.AsObject();
        _log.On(json.Text("event"), json);
    }
}
