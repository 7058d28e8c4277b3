using DemoFl.Chaos.Oracle;
using DemoFl.V1;
using Google.Protobuf;

namespace DemoFl.Chaos.Tests;

public sealed class FederationFactsTests
{
    [Fact]
    public void CommittedIn_RoundWithItsClosing_HasThePartiesOfTheLastAttempt()
    {
        var wrong = new List<string>();

        var committed = FederationFacts.CommittedIn(
            [Closing(1, 'a', 'b', 'c', 'd'), Closing(1, 'a', 'b', 'c'), Commit(1, 3)], Some.Events("""server {"event":"roundStarted","round":1,"parties":5}"""),
            id => id[..2], wrong);

        Assert.Empty(wrong);
        Assert.Equal(["61", "62", "63"], Assert.Single(committed).Parties);
        Assert.Equal(5, committed[0].Selected);
    }

    [Fact]
    public void CommittedIn_RoundThatIsThereTwice_IsWrong()
    {
        var wrong = new List<string>();

        FederationFacts.CommittedIn([Closing(1, 'a'), Commit(1, 1), Commit(1, 1)], [], id => id, wrong);

        Assert.Equal(["round 1 is committed twice"], wrong);
    }

    [Fact]
    public void CommittedIn_PartyThatIsThereTwice_IsWrong()
    {
        var wrong = new List<string>();

        FederationFacts.CommittedIn([Closing(1, 'a', 'a'), Commit(1, 2)], [], id => id, wrong);

        Assert.Contains("round 1", Assert.Single(wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void RequireRising_NumbersThatGoBack_AreWrong()
    {
        var wrong = new List<string>();

        FederationFacts.RequireRising(
            [Term(1), Term(3), Opened(1), Opened(2), Commit(2, 3), Term(3), Opened(2), Commit(1, 3)], wrong);

        Assert.Equal(["term 3 comes after 3", "opened round 2 comes after 2", "committed round 1 comes after 2"], wrong);
    }

    [Fact]
    public void RequireEventsFit_CommitsThatTheJournalHasNot_AreWrong()
    {
        var wrong = new List<string>();
        var events = Some.Events("""
            server {"event":"round","round":1}
            server {"event":"round","round":1}
            server {"event":"round","round":2}
            node-1 {"event":"roundEnded","round":3,"aborted":null}
            node-1 {"event":"roundEnded","round":4,"aborted":"for a reason"}
            """);

        FederationFacts.RequireEventsFit(events, [new CommittedRound(1, ["a"], 1, "", "")], wrong);

        Assert.Equal(
            [
                "the server told of the commit of round 1 2 times", "the server told of the commit of round 2, and it is not in the journal",
                "node-1 was told that round 3 is committed, and it is not in the journal",
            ],
            wrong);
    }

    private static JournalRecord Term(ulong term) => new() { TermOpened = new TermOpened { Term = term } };

    private static JournalRecord Opened(ulong round) => new() { RoundOpened = new JournalRecord.Types.RoundOpenedRecord { Round = round } };

    private static JournalRecord Closing(ulong round, params char[] parties) => new()
    {
        RoundClosing = new RoundClosing
        {
            Round = round, Intersection = { parties.Select(p => new Contribution { Party = ByteString.CopyFrom([.. Enumerable.Repeat((byte)p, 32)]) }) },
        },
    };

    private static JournalRecord Commit(ulong round, uint parties) => new() { RoundCommitted = new RoundCommittedRecord { Round = round, Parties = parties } };
}
