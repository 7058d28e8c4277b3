using System.Text.Json.Nodes;
using DemoFl.Cli.Output;
using DemoFl.Protocol;
using DemoFl.Relay;

namespace DemoFl.Cli.Tests.Output;

public sealed class EventLinesTests : IDisposable
{
    private static readonly NodeId Node = new(Hash256.Of("a node"u8));

    private readonly StringWriter _output = new() { NewLine = "\n" };

    public static TheoryData<CoordinatorEvent, string, string> Events => new()
    {
        { new CoordinatorEvent.WaitingForNodes(1, 3), """{"event":"waitingForNodes","present":1,"needed":3}""", "1 of 3 nodes are here" },
        {
            new CoordinatorEvent.WaitingForCandidates(1, 3), """{"event":"waitingForCandidates","processes":1,"needed":3}""",
            "1 processes can lead, 3 are needed; one process holds one slot"
        },
        { new CoordinatorEvent.ElectionStarted(new Term(4)), """{"event":"electionStarted","term":4}""", "" },
        {
            new CoordinatorEvent.LeadersSeated(new LeaderSet(default, new Term(4), [new Seat(new Slot(0), Node, new Incarnation(1), new Term(4))]), TimeSpan.FromSeconds(0.25)),
            $$"""{"event":"leadersSeated","term":4,"seconds":0.25,"leaders":["{{Node}}"]}""", $"term 4: leaders {Node} elected in 0.25 s"
        },
        {
            new CoordinatorEvent.KeysReady(new Term(4), 9, 1, TimeSpan.FromSeconds(0.5)),
            """{"event":"keysReady","term":4,"nodes":9,"absent":1,"seconds":0.5}""", "term 4: 9 nodes agreed keys with them in 0.50 s"
        },
        {
            new CoordinatorEvent.StageReached(new Round(2), RoundStage.Closing, 9), """{"event":"stageReached","round":2,"stage":"Closing","parties":9}""", ""
        },
        {
            new CoordinatorEvent.Refused(new Round(2), Node, "it \"says\" no"),
            $$"""{"event":"refused","round":2,"node":"{{Node}}","reason":"it \u0022says\u0022 no"}""", $"round 2: {Node} sits out: it \"says\" no"
        },
        { new CoordinatorEvent.Aborted(new Round(2), "late"), """{"event":"aborted","round":2,"reason":"late"}""", "round 2 aborted: late" },
        {
            new CoordinatorEvent.StatisticsClipped(new Round(1), TrainingStage.Means, 3, 4294967296),
            """{"event":"statisticsClipped","round":1,"stage":"means","values":3,"clip":4294967296}""",
            "WARNING: round 1: 3 of the parties' means of columns were cut at 4294967296 and are wrong, so those columns are badly scaled. Look for columns "
            + "beyond 4294967296, or that are 0 but for one example in a million; change their unit or leave them out."
        },
        {
            new CoordinatorEvent.LeaderLost(new Term(4), new Slot(1), Node, "it has left"),
            $$"""{"event":"leaderLost","term":4,"slot":1,"node":"{{Node}}","reason":"it has left"}""",
            $"leader {Node} of slot 1 is lost: it has left"
        },
        {
            new CoordinatorEvent.Reorganising(new Round(7), new Term(5), new Slot(1)), """{"event":"reorganising","round":7,"term":5,"slot":1}""",
            "round 7 waits while slot 1 is filled anew"
        },
        {
            new CoordinatorEvent.Replaced(new Round(7), new Term(5), new Slot(1), Node, TimeSpan.FromSeconds(0.75)),
            $$"""{"event":"replaced","round":7,"term":5,"slot":1,"node":"{{Node}}","seconds":0.75}""",
            $"round 7: {Node} takes slot 1, agreed to by every other leader after 0.75 s"
        },
        {
            new CoordinatorEvent.Resumed(new Round(7), new Term(5), 9, TimeSpan.FromSeconds(1.5)),
            """{"event":"resumed","round":7,"term":5,"resealed":9,"seconds":1.5}""",
            "round 7 goes on 1.50 s after the loss: 9 parties resealed, nobody trained again"
        },
        {
            new CoordinatorEvent.Resumed(new Round(7), new Term(5), 0, TimeSpan.FromSeconds(1.5)),
            """{"event":"resumed","round":7,"term":5,"resealed":0,"seconds":1.5}""",
            "round 7 goes on 1.50 s after the loss: no vector was complete yet, nobody trained again"
        },
        {
            new CoordinatorEvent.TenureOver(new Term(6), new Slot(2), Node), $$"""{"event":"tenureOver","term":6,"slot":2,"node":"{{Node}}"}""",
            $"{Node} has led for its tenure; slot 2 is handed on"
        },
        {
            new CoordinatorEvent.RoundTakenUp(new Round(7), 3), """{"event":"roundTakenUp","round":7,"leaders":3}""",
            "round 7 was closing when the server stopped; it waits for the sums of its 3 leaders"
        },
        {
            new CoordinatorEvent.RoundTakenUp(new Round(7), 1), """{"event":"roundTakenUp","round":7,"leaders":1}""",
            "round 7 was closing when the server stopped; it waits for the sum of its leader"
        },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void On_Event_IsOneLineForProgramsAndOneForPeople(CoordinatorEvent happened, string json, string text)
    {
        new EventLines(_output).On(happened);
        Assert.Equal(json + "\n", _output.ToString());
        var line = JsonNode.Parse(json)!.AsObject();
        Assert.Equal(text, EventText.Of(line["event"]!.GetValue<string>(), line));
    }

    [Fact]
    public void RunLines_AReorganisation_IsToldFromItsLossToItsEnd()
    {
        var lines = new RunLines(_output, NodeNames.None);
        lines.On(new CoordinatorEvent.LeaderLost(new Term(4), new Slot(1), Node, "it has left"));
        lines.On(new CoordinatorEvent.Reorganising(new Round(7), new Term(5), new Slot(1)));
        lines.On(new CoordinatorEvent.Replaced(new Round(7), new Term(5), new Slot(1), Node, TimeSpan.FromSeconds(0.75)));
        lines.On(new CoordinatorEvent.Resumed(new Round(7), new Term(5), 1, TimeSpan.FromSeconds(1.5)));
        lines.On(new CoordinatorEvent.TenureOver(new Term(6), new Slot(2), Node));
        lines.On(new CoordinatorEvent.RoundTakenUp(new Round(8), 3));
        Assert.Equal(
            [
                $"term 4: leader {Node} of slot 1 is lost: it has left", "round 7 waits while slot 1 is filled anew",
                $"round 7: {Node} takes slot 1, agreed to by every other leader after 0.75 s",
                "round 7 goes on 1.50 s after the loss: 1 party resealed, nobody trained again",
                $"term 6: {Node} has led for its tenure; slot 2 is handed on",
                "round 8 was closing when the server stopped; it waits for the sums of its 3 leaders",
            ],
            _output.ToString().TrimEnd().Split('\n'));
    }

    [Fact]
    public void On_CommittedRound_IsReportedOnceWithItsFigures()
    {
        var lines = new EventLines(_output);
        lines.On(new CoordinatorEvent.Committed(new Round(1), 3, 3, null!, TimeSpan.Zero));
        Assert.Empty(_output.ToString());
        lines.On(new RoundReport(new Round(1), 3, 3, 3, 0.5, double.NaN, double.NaN, double.NaN, 0.5, 0, default));
        var row = JsonNode.Parse(_output.ToString())!.AsObject();
        Assert.Equal(("round", 1), (row.Text("event"), row.Number("round")));
        Assert.Equal("event", row.First().Key);
        Assert.All(["loss", "accuracy", "trainingLoss"], figure => Assert.Null(row[figure]));
    }

    [Fact]
    public async Task Write_FromManyThreads_KeepsLinesWhole()
    {
        const int Writers = 4, Each = 200;
        var lines = new EventLines(_output);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
            {
                lines.Write("tick", new JsonObject { ["writer"] = w, ["i"] = i });
            }
        })));
        string[] written = _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Writers * Each, written.Distinct().Count());
        Assert.All(written, line => Assert.Equal("tick", JsonNode.Parse(line)!["event"]!.GetValue<string>()));
    }

    public void Dispose() => _output.Dispose();
}
