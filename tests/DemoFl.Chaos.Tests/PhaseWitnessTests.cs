using DemoFl.Chaos.Strikes;

namespace DemoFl.Chaos.Tests;

public sealed class PhaseWitnessTests
{
    private const string Opened = """
        server {"event":"listening"}
        server {"event":"waitingForNodes","present":8,"needed":8}
        server {"event":"electionStarted","term":1}
        server {"event":"leadersSeated","term":1,"leaders":[]}
        server {"event":"keysReady","term":1}
        server {"event":"roundStarted","round":4,"parties":8}
        """;

    [Theory]
    [InlineData(1, "Join", null)]
    [InlineData(2, "Join", null)]
    [InlineData(3, "Election", null)]
    [InlineData(4, "Keys", null)]
    [InlineData(5, "Between", null)]
    [InlineData(6, "Training", 4UL)]
    public void Of_EventsUpToARoundsOpening_IsWhatTheLastOneBegan(int events, string phase, ulong? round)
    {
        var moment = PhaseWitness.Of(Some.Events(Opened).Take(events));

        Assert.Equal((phase, round), ($"{moment.Phase}", moment.Round));
    }

    [Theory]
    [InlineData("Intersecting", "Intersect")]
    [InlineData("Agreeing", "Intersect")]
    [InlineData("Closing", "Release")]
    [InlineData("Releasing", "Release")]
    [InlineData("Committing", "Commit")]
    [InlineData("Resealing", "Reorganisation")]
    public void Of_Stage_IsItsPhase(string stage, string phase)
    {
        var moment = PhaseWitness.Of(Some.Events($$"""
            {{Opened}}
            server {"event":"stageReached","round":4,"stage":"{{stage}}"}
            node-1 {"event":"roundJoined","round":4}
            """));

        Assert.Equal((phase, 4UL), ($"{moment.Phase}", moment.Round));
    }

    [Theory]
    [InlineData("aborted")]
    [InlineData("round")]
    public void Of_RoundThatIsOver_IsBetween(string over) =>
        Assert.Equal(new Moment(Phase.Between, null), PhaseWitness.Of(Some.Events($$"""{{Opened}}{{'\n'}}server {"event":"{{over}}","round":4}""")));

    [Fact]
    public void Of_ReportOfTheRoundBefore_DoesNotEndTheOpenOne() =>
        Assert.Equal(new Moment(Phase.Training, 4), PhaseWitness.Of(Some.Events($$"""{{Opened}}{{'\n'}}server {"event":"round","round":3}""")));

    [Fact]
    public void Of_ElectionOfAReplacement_IsPartOfTheReorganisation()
    {
        string events = $$"""
            {{Opened}}
            server {"event":"reorganising","round":4,"term":2,"slot":0}
            server {"event":"electionStarted","term":2}
            """;

        Assert.Equal(new Moment(Phase.Reorganisation, 4), PhaseWitness.Of(Some.Events(events)));
        Assert.Equal(new Moment(Phase.Training, 4), PhaseWitness.Of(Some.Events(events + "\nserver {\"event\":\"resumed\",\"round\":4}")));
    }

    [Fact]
    public void Of_ServerThatWasStartedAgain_HasARoundOpenOnlyIfItTookOneUp()
    {
        string killed = $$"""{{Opened}}{{'\n'}}server {"event":"stageReached","round":4,"stage":"Releasing"}""";

        Assert.Equal(new Moment(Phase.Join, null), PhaseWitness.Of(Some.Events($$"""{{killed}}{{'\n'}}server/2 {"event":"listening"}""")));
        Assert.Equal(
            new Moment(Phase.Release, 4),
            PhaseWitness.Of(Some.Events($$"""{{killed}}{{'\n'}}server/2 {"event":"roundTakenUp","round":4}{{'\n'}}server/2 {"event":"listening"}""")));
    }

    [Theory]
    [InlineData("""{"event":"vector","round":3}""", "Training")]
    [InlineData("""{"event":"announcement","round":4}""", "Announce")]
    [InlineData("""{"event":"announcement","round":4}|{"event":"vector","round":4}""", "Upload")]
    [InlineData("""{"event":"announcement","round":4}|{"event":"vector","rou""", "Announce")]
    public void Sent_Records_TellHowFarThePartiesAre(string lines, string phase)
    {
        string keys = Directory.CreateTempSubdirectory("demofl-chaos-tests-").FullName;
        string folder = Directory.CreateDirectory(Path.Combine(keys, "node-log", "node-1")).FullName;
        File.WriteAllText(Path.Combine(folder, "000001.jsonl"), lines.Replace('|', '\n'));

        Assert.Equal(phase, $"{PhaseWitness.Sent(keys, 4)}");
        Directory.Delete(keys, recursive: true);
    }
}
