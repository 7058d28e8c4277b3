using System.Text.Json.Nodes;
using DemoFl.Cli.Jobs;
using DemoFl.Cli.Output;
using DemoFl.Cli.Runs;

namespace DemoFl.Cli.Tests.Runs;

public sealed class RecoveryTests
{
    private readonly LeaderKill _kill = new(afterRounds: 2);
    private readonly TaskCompletionSource _killed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task OnServer_RoundBehindSoManyCommitted_IsStruckOnceHalfOfItsPartiesTrain()
    {
        Server("""{"event":"leadersSeated","term":1,"seconds":0,"leaders":["aaaa","bbbb"]}""");
        Committed(1);
        Server("""{"event":"roundStarted","round":2,"parties":4}""");
        Assert.Null(_kill.Round);
        Committed(2);
        Server("""{"event":"roundStarted","round":3,"parties":4}""");
        Assert.Equal((3ul, "node-001"), (_kill.Round, _kill.Node));
        Trains("one", 3);
        Assert.False(_killed.Task.IsCompleted);
        Trains("two", 3);
        await _killed.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void ToString_RoundThatWentOn_SaysWhatItCost()
    {
        Strike(round: 3);
        Trains("one", 3);
        Trains("two", 3);
        Trains("one", 4);
        var recovery = new Recovery(_kill, Result([3], new ReorganisationRow { Round = 3, Term = 2, Slot = 0, Holder = "cccc", Resealed = 2, Seconds = 0.75 }));
        Assert.Equal(
            "node-001 was killed in the middle of round 3; another took its slot and the round went on 0.75 s later: 2 parties resealed, all 2 trained once, nobody again",
            recovery.ToString());
        Assert.Equal("""{"round":3,"node":"node-001","committed":true,"seconds":0.75,"resealed":2,"trained":2,"trainedAgain":0}""", recovery.ToJson().ToJsonString());
    }

    [Fact]
    public void ToString_AnyOtherEnd_IsNotCalledARecovery()
    {
        Assert.Equal("no leader was killed: the run was over before", new Recovery(_kill, Result([])).ToString());
        Strike(round: 3);
        Trains("one", 3);
        Trains("one", 3);
        Assert.Equal("node-001 was killed in the middle of round 3, which was given up; the next one was trained anew", new Recovery(_kill, Result([4])).ToString());
        Assert.Equal(
            "node-001 was killed in the middle of round 3, which had all that it needed of it: 1 of 1 trained again", new Recovery(_kill, Result([3])).ToString());
        var begun = new ReorganisationRow { Round = 3, Term = 2, Slot = 0 };
        Assert.Contains("which was given up", new Recovery(_kill, Result([4], begun)).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("leaders=10", false)]
    [InlineData("leaders=9", true)]
    [InlineData("processes=3", false)]
    [InlineData("layout=plain", false)]
    [InlineData("on-leader-lost=abort", false)]
    [InlineData("k-min=10", false)]
    [InlineData("k-min=9", true)]
    [InlineData("processes=5 k-min=9", false)]
    [InlineData("rounds=1000000", false)]
    public void IsPossible_Job_NeedsSomebodyToTakeTheSlotAndPartiesEnough(string settings, bool possible) =>
        Assert.Equal(possible, Recovery.IsPossible(JobReader.Read(null, settings.Split(' ', StringSplitOptions.RemoveEmptyEntries))));

    private static RunResult Result(ulong[] rounds, params ReorganisationRow[] reorganisations) =>
        new(0, "done", [.. rounds.Select(r => new RoundRow { Round = r })], 0, 0, null, null, "run", reorganisations);

    private void Strike(ulong round)
    {
        Server("""{"event":"leadersSeated","term":1,"seconds":0,"leaders":["aaaa","bbbb"]}""");
        Committed(1);
        Committed(2);
        Server($$"""{"event":"roundStarted","round":{{round}},"parties":10}""");
    }

    private void Committed(ulong round) => Server($$"""{"event":"stageReached","round":{{round}},"stage":"Committing","parties":4}""");

    private void Trains(string node, ulong round) => _kill.OnNode(JsonNode.Parse($$"""{"event":"roundJoined","node":"{{node}}","round":{{round}}}""")!.AsObject());

    private void Server(string line)
    {
        var json = JsonNode.Parse(line)!.AsObject();
        _kill.OnServer(json.Text("event"), json, id => id == "aaaa" ? ("node-001", _killed.SetResult) : null);
    }
}
