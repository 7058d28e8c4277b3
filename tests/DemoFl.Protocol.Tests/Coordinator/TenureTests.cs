namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>Every so many rounds the longest-serving slot is handed on (DESIGN section 7, "Tenure").</summary>
public class TenureTests
{
    private readonly CoordinatorUnderTest _coordinator = InRound(tenure: 2);

    [Fact]
    public void Committed_AsManyRoundsAsTheTenure_HandsOnTheFirstSlotAlone()
    {
        var before = _coordinator.Leaders;
        _coordinator.CommitOpenRound().Says<ServerMessage.RoundOpened>();
        var effects = _coordinator.CommitOpenRound();
        Assert.Equal(new CoordinatorEvent.TenureOver(new Term(1), new Slot(0), Some.Node(0)), effects.Reports<CoordinatorEvent.TenureOver>());
        var election = effects.Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(2), 1), (election.Term, election.Seats));
        Assert.True(effects.Silent<ServerMessage.RoundOpened>());

        // Handed on, not lost.
        Assert.DoesNotContain(effects.OfType<CoordinatorEffect.Report>(), r => r.Event is CoordinatorEvent.LeaderLost);
        Assert.Equal(new Slot(0), before.ReplacedIn(_coordinator.Recommend(4).Says<ServerMessage.LeadersAnnounced>().Leaders));
    }

    [Fact]
    public void Committed_ManyRounds_HandsOnTheSlotThatWasServedLongest()
    {
        var slots = new List<int>();
        for (int handover = 0; handover < 5; handover++)
        {
            _coordinator.CommitOpenRound();
            slots.Add(_coordinator.CommitOpenRound().Reports<CoordinatorEvent.TenureOver>().Slot.Index);
            SeatAnew(0, 1, 2, 3, 4, 5);
        }

        Assert.Equal([0, 1, 2, 0, 1], slots);
    }

    [Fact]
    public void Recommended_ByTheRelievedHolder_IsIgnoredWhileOthersCanLead()
    {
        _coordinator.CommitOpenRound();
        _coordinator.CommitOpenRound();
        Assert.Empty(_coordinator.Recommend(0));
        Assert.Equal(Some.Node(5), _coordinator.Recommend(5).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats[0].Holder);
    }

    [Fact]
    public void Recommended_ByAnEarlierRelievedHolder_MayWinAgain()
    {
        _coordinator.CommitOpenRound();
        _coordinator.CommitOpenRound();
        SeatAnew(3);
        _coordinator.CommitOpenRound();
        _coordinator.CommitOpenRound();
        Assert.Equal(Some.Node(0), _coordinator.Recommend(0).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats[1].Holder);
    }

    [Fact]
    public void Committed_NobodyElseCanLead_HandsOnNothingUntilSomebodyCan()
    {
        var coordinator = InRound(tenure: 2, canLead: 3);
        for (int i = 0; i < 5; i++)
        {
            coordinator.CommitOpenRound().Says<ServerMessage.RoundOpened>();
        }

        coordinator.Arrive(6);
        Assert.Equal(new Slot(0), coordinator.CommitOpenRound().Reports<CoordinatorEvent.TenureOver>().Slot);
    }

    [Fact]
    public void Committed_TenureOfZero_NeverHandsOn()
    {
        var coordinator = InRound(tenure: 0);
        for (int i = 0; i < 40; i++)
        {
            coordinator.CommitOpenRound().Says<ServerMessage.RoundOpened>();
        }

        Assert.Equal(new Term(1), coordinator.Machine.Term);
    }

    [Fact]
    public void Aborted_RoundByNoLeadersFault_CountsAsServed()
    {
        _coordinator.CommitOpenRound();
        _coordinator.UploadAll();
        _coordinator.HoldAll();
        _coordinator.DigestAll();
        Assert.NotNull(_coordinator.Step(new CoordinatorInput.CommitFailed(_coordinator.Spec.Round, "no samples")).Reports<CoordinatorEvent.TenureOver>());
    }

    /// <summary>Who was taken out of its slot may be the only one left to come forward.</summary>
    [Fact]
    public void ElectionDeadline_NobodyTakesTheRelievedSlot_OpensAllSlotsToEverybody()
    {
        _coordinator.CommitOpenRound();
        _coordinator.CommitOpenRound();
        var election = _coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(3), 3), (election.Term, election.Seats));
        Array.ForEach([0, 1], i => _coordinator.Recommend(i));
        Assert.Equal(
            [Some.Node(0), Some.Node(1), Some.Node(2)], _coordinator.Recommend(2).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats.Select(s => s.Holder));
    }

    /// <summary>The first of them that can takes the vacant slot, and everyone agrees keys with it.</summary>
    private void SeatAnew(params int[] candidates)
    {
        int winner = candidates.First(c => _coordinator.Recommend(c).Messages<ServerMessage.LeadersAnnounced>().Any());
        _coordinator.Offer(winner);
        Array.ForEach([0, 1, 2, 3, 4, 5], i => _coordinator.Keyed(i));
    }

    private static CoordinatorUnderTest InRound(int tenure, int canLead = 6)
    {
        var coordinator = new CoordinatorUnderTest(ReorganisationUnderTest.Rules(Some.Care(tenure: tenure)) with { Rounds = 100 });
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Arrive(i, canLead: i < canLead));
        Array.ForEach([0, 1, 2], i => coordinator.Recommend(i));
        Array.ForEach([0, 1, 2], i => coordinator.Offer(i));
        Array.ForEach([0, 1, 2, 3, 4, 5], i => coordinator.Keyed(i));
        return coordinator;
    }
}
