namespace DemoFl.Protocol.Tests.Node;

/// <summary>A node's side of an election (DESIGN section 7, step 2): terms only grow, and a seat belongs to one life of a process.</summary>
public class NodeElectionTests
{
    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(500);

    /// <summary>A process that lost its connection must not lead, or train, the same round again (promise P5).</summary>
    [Fact]
    public void LeadersAnnounced_TermOfAnEarlierConnection_GivesNoSlotBack()
    {
        var before = new NodeUnderTest();
        before.OpenRound(Some.Spec(round: 7));
        var after = new NodeUnderTest(memory: before.Machine.Memory);
        after.AgreeKeys(Some.Leaders());
        Assert.Null(after.Machine.OwnSlot);
        Assert.Empty(after.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 7))));
        Assert.NotEmpty(after.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 8))));

        var next = new NodeUnderTest(memory: before.Machine.Memory);
        next.AgreeKeys(Some.Leaders(term: 2));
        Assert.Equal(new Slot(0), next.Machine.OwnSlot);
    }

    [Fact]
    public void Beat_AtAnyTime_IsAnsweredWithItsNumber()
    {
        var node = new NodeUnderTest();
        Assert.Equal(17UL, node.Hear(new ServerMessage.Beat(17)).Tells<NodeMessage.BeatAnswered>().Number);
        node.OpenRound(Some.Spec());
        Assert.Equal(18UL, node.Hear(new ServerMessage.Beat(18)).Tells<NodeMessage.BeatAnswered>().Number);
    }

    [Fact]
    public void ElectionOpened_AfterItsRandomWait_RecommendsOnce()
    {
        var node = new NodeUnderTest();
        Assert.Empty(node.Hear(new ServerMessage.ElectionOpened(new Term(4), Window, 3)));
        var wait = node.Machine.NextDeadline!.Value;
        Assert.Empty(node.Step(new NodeInput.Tick(), wait - TimeSpan.FromTicks(1)));
        Assert.Equal(new Term(4), node.Step(new NodeInput.Tick(), wait).Tells<NodeMessage.Recommendation>().Term);
        Assert.Null(node.Machine.NextDeadline);
        Assert.Empty(node.Step(new NodeInput.Tick(), wait + Window));
    }

    [Fact]
    public void ElectionOpened_ManyNodes_WaitAllOverTheWindow()
    {
        var waits = Enumerable.Range(0, 400).Select(i => WaitOf((ulong)i)).Order().ToArray();
        Assert.All(waits, w => Assert.InRange(w, TimeSpan.Zero, Window - TimeSpan.FromTicks(1)));
        Assert.True(waits[40] < Window * 0.15 && waits[360] > Window * 0.85, $"a tenth waits {waits[40]}, nine tenths wait {waits[360]}");

        static TimeSpan WaitOf(ulong entropy)
        {
            var node = new NodeUnderTest(entropy: entropy);
            node.Hear(new ServerMessage.ElectionOpened(new Term(1), Window, 3));
            return node.Machine.NextDeadline!.Value;
        }
    }

    [Fact]
    public void ElectionOpened_NoWindow_RecommendsAtOnce()
    {
        var node = new NodeUnderTest();
        node.Hear(new ServerMessage.ElectionOpened(new Term(1), TimeSpan.Zero, 3));
        Assert.NotEmpty(node.Step(new NodeInput.Tick()));
    }

    [Fact]
    public void ElectionOpened_NodeThatCannotLead_NeverRecommends()
    {
        var node = new NodeUnderTest(canLead: false);
        node.Hear(new ServerMessage.ElectionOpened(new Term(1), Window, 3));
        Assert.Null(node.Machine.NextDeadline);
    }

    [Fact]
    public void ElectionOpened_TermNotAboveTheHighest_IsIgnored()
    {
        var node = new NodeUnderTest();
        node.AgreeKeys(Some.Leaders(term: 5));
        node.Hear(new ServerMessage.ElectionOpened(new Term(5), Window, 3));
        node.Hear(new ServerMessage.ElectionOpened(new Term(4), Window, 3));
        Assert.Null(node.Machine.NextDeadline);
    }

    [Fact]
    public void LeadersAnnounced_WhileWaiting_EndsTheCandidacy()
    {
        var node = new NodeUnderTest();
        node.Hear(new ServerMessage.ElectionOpened(new Term(1), Window, 3));
        node.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(term: 1)));
        Assert.Empty(node.Step(new NodeInput.Tick(), Window));
    }

    [Fact]
    public void LeadersAnnounced_SecondSetOfATerm_IsIgnored()
    {
        var node = new NodeUnderTest();
        node.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(term: 3, count: 3)));
        Assert.Empty(node.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(term: 3, count: 2))));
        Assert.Equal(3, node.Machine.Leaders!.Seats.Length);
    }

    [Fact]
    public void LeadersAnnounced_EarlierTermThanAnElectionSeen_IsIgnored()
    {
        var node = new NodeUnderTest();
        node.Hear(new ServerMessage.ElectionOpened(new Term(5), Window, 3));
        Assert.Empty(node.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(term: 4))));
        Assert.Null(node.Machine.Leaders);
    }

    [Fact]
    public void LeadersAnnounced_OfAnotherRun_IsIgnored() =>
        Assert.Empty(new NodeUnderTest().Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(run: new RunId(9)))));

    [Fact]
    public void LeadersAnnounced_SeatOfAnEarlierIncarnation_IsNotOurs()
    {
        var node = new NodeUnderTest();
        var leaders = new LeaderSet(Some.Run, new Term(1), [
            new Seat(new Slot(0), Some.Node(0), Some.Incarnation(77), new Term(1)), new Seat(new Slot(1), Some.Node(1), Some.Incarnation(1), new Term(1))]);
        node.AgreeKeys(leaders);
        Assert.Null(node.Machine.OwnSlot);
        node.Hear(new ServerMessage.RoundOpened(Some.Spec()));
        Assert.Empty(node.FromParty(1, Some.Announcement(1, Some.Nonce(1))));
        Assert.Empty(node.Hear(new ServerMessage.HoldingsAsked(new Round(1), Attempt.First, Some.Parties(1, 2, 3))));
    }
}
