namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>How a leader set comes about at the coordinator (DESIGN section 7, step 2; promises P3 and C1).</summary>
public class ElectionTests
{
    [Fact]
    public void Arrived_FewerThanTheMinimum_WaitsAndSaysForHowMany()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(minimumNodes: 4));
        var waiting = coordinator.ArriveAll(3).OfType<CoordinatorEffect.Report>().Last().Event;
        Assert.Equal(new CoordinatorEvent.WaitingForNodes(3, 4), waiting);
        Assert.Equal(CoordinatorPhase.Gathering, coordinator.Machine.Phase);
        Assert.Null(coordinator.Machine.NextDeadline);
    }

    [Fact]
    public void Arrived_EnoughNodesInTooFewProcesses_WaitsForCandidates()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(leaders: 2, minimumNodes: 3));
        coordinator.Arrive(0, incarnation: 7);
        coordinator.Arrive(1, incarnation: 7, canLead: false);
        Assert.Equal(new CoordinatorEvent.WaitingForCandidates(1, 2), coordinator.Arrive(2, incarnation: 7, canLead: false).Reports<CoordinatorEvent.WaitingForCandidates>());
        Assert.Equal(CoordinatorPhase.Gathering, coordinator.Machine.Phase);
        Assert.Contains(coordinator.Arrive(3), e => e is CoordinatorEffect.Broadcast { Message: ServerMessage.ElectionOpened });
    }

    [Fact]
    public void ElectionOpened_NewTerm_IsJournaledBeforeAnybodyHears()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(), new CoordinatorProgress(new Term(41), new Round(7), 0, default, 0.5));
        var effects = coordinator.ArriveAll(4);
        Assert.Equal(new Term(42), effects.Says<ServerMessage.ElectionOpened>().Term);
        int journaled = effects.FindIndex(e => e is CoordinatorEffect.Journal { Entry: JournalEntry.TermOpened { Term.Value: 42 } });
        int sent = effects.FindIndex(e => e is CoordinatorEffect.Broadcast { Message: ServerMessage.ElectionOpened });
        Assert.InRange(journaled, 0, sent - 1);
    }

    [Fact]
    public void Recommended_FirstNl_WinInOrderOfArrival()
    {
        var coordinator = Electing(leaders: 2);
        coordinator.Recommend(3);
        var leaders = coordinator.Recommend(1).Says<ServerMessage.LeadersAnnounced>().Leaders;
        Assert.Equal([Some.Node(3), Some.Node(1)], leaders.Seats.Select(s => s.Holder));
        Assert.True(coordinator.Recommend(2).Silent<ServerMessage.LeadersAnnounced>());
    }

    [Fact]
    public void Recommended_ForAnEarlierTerm_IsIgnored()
    {
        var coordinator = Electing(leaders: 2);
        coordinator.PassDeadline();
        Assert.Equal(new Term(2), coordinator.Machine.Term);
        coordinator.Recommend(1, term: 1);
        Assert.True(coordinator.Recommend(2).Silent<ServerMessage.LeadersAnnounced>());
        Assert.Equal(Some.Node(2), coordinator.Recommend(3).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats[0].Holder);
    }

    [Fact]
    public void Recommended_TwiceByOneNode_FillsOneSlot()
    {
        var coordinator = Electing(leaders: 2);
        coordinator.Recommend(3);
        Assert.True(coordinator.Recommend(3).Silent<ServerMessage.LeadersAnnounced>());
    }

    [Fact]
    public void Recommended_TwoNodesOfOneProcess_FillOneSlot()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(leaders: 2, minimumNodes: 3));
        coordinator.Arrive(0, incarnation: 7);
        coordinator.Arrive(1, incarnation: 7);
        coordinator.Arrive(2);
        coordinator.Recommend(0);
        Assert.True(coordinator.Recommend(1).Silent<ServerMessage.LeadersAnnounced>());
        Assert.Equal([Some.Node(0), Some.Node(2)], coordinator.Recommend(2).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats.Select(s => s.Holder));
    }

    [Fact]
    public void Recommended_ByANodeThatCannotLeadOrIsAbsent_IsIgnored()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(leaders: 1, minimumNodes: 3));
        coordinator.Arrive(0, canLead: false);
        coordinator.ArriveAll(3);
        coordinator.Arrive(0, canLead: false);
        Assert.True(coordinator.Recommend(0).Silent<ServerMessage.LeadersAnnounced>());
        Assert.True(coordinator.Recommend(9).Silent<ServerMessage.LeadersAnnounced>());
    }

    [Fact]
    public void Departed_CandidateBeforeTheSetIsComplete_MakesRoom()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(leaders: 2));
        coordinator.ArriveAll(5);
        coordinator.Recommend(3);
        coordinator.Depart(3);
        coordinator.Recommend(1);
        Assert.Equal([Some.Node(1), Some.Node(2)], coordinator.Recommend(2).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats.Select(s => s.Holder));
    }

    [Fact]
    public void ElectionDeadline_SetIncomplete_OpensTheNextTerm()
    {
        var coordinator = Electing(leaders: 2);
        coordinator.Recommend(3);
        Assert.Equal(new Term(2), coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void Appointed_ManyTerms_DrawsEveryProcessAboutEquallyOftenAndNoneTwice()
    {
        var seated = new int[6];
        for (ulong entropy = 0; entropy < 600; entropy++)
        {
            var coordinator = new CoordinatorUnderTest(Some.Rules(leaders: 2, ElectionMode.Appointed, minimumNodes: 6), entropy: entropy);
            var effects = coordinator.ArriveAll(6);
            Assert.True(effects.Silent<ServerMessage.ElectionOpened>());
            foreach (var seat in effects.Says<ServerMessage.LeadersAnnounced>().Leaders.Seats)
            {
                seated[Enumerable.Range(0, 6).First(i => Some.Node(i) == seat.Holder)]++;
            }
        }

        Assert.All(seated, times => Assert.InRange(times, 150, 250));
    }

    [Fact]
    public void LeaderLost_RunAlreadyGathered_ElectsWithFewerThanTheMinimum()
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(leaders: 2, minimumNodes: 4));
        coordinator.ToUploading();
        Assert.Equal(new Term(2), coordinator.Depart(1).Says<ServerMessage.ElectionOpened>().Term);
    }

    private static CoordinatorUnderTest Electing(int leaders)
    {
        var coordinator = new CoordinatorUnderTest(Some.Rules(leaders));
        coordinator.ArriveAll(4);
        return coordinator;
    }
}
