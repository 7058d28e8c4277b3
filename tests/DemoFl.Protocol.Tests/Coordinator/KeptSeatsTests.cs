namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>Between rounds only vacant slots are elected for; who has given no reason against it keeps its seat and channels (DESIGN section 7).</summary>
public class KeptSeatsTests
{
    private readonly CoordinatorUnderTest _coordinator = new(ReorganisationUnderTest.Rules(Some.Care(LossPolicy.Abort)));

    public KeptSeatsTests() => _coordinator.ToUploading(6);

    [Fact]
    public void LeaderLost_OneOfThree_LeavesTheOthersTheirSeats()
    {
        var before = _coordinator.Leaders;
        _coordinator.Depart(1);
        var next = _coordinator.Recommend(4).Says<ServerMessage.LeadersAnnounced>().Leaders;
        Assert.Equal((before.Seats[0], before.Seats[2]), (next.Seats[0], next.Seats[2]));
        Assert.Equal(new Seat(new Slot(1), Some.Node(4), Some.Incarnation(4), new Term(2)), next.Seats[1]);
    }

    [Fact]
    public void Recommended_ByWhoKeepsItsSeat_FillsNoSecondOne()
    {
        _coordinator.Depart(1);
        Assert.Empty(_coordinator.Recommend(0));
        Assert.Empty(_coordinator.Recommend(2));
    }

    [Fact]
    public void KeptHolderLost_WhileTheOtherSlotIsElected_ElectsForBoth()
    {
        _coordinator.Depart(1);
        var election = _coordinator.Depart(2).Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(3), 2), (election.Term, election.Seats));
        Assert.Empty(_coordinator.Recommend(4));
        Assert.Equal([0, 4, 5], _coordinator.Recommend(5).Says<ServerMessage.LeadersAnnounced>().Leaders.Seats.Select(s => Some.NumberOf(s.Holder)));
    }

    [Fact]
    public void KeptHolderJoinsAgain_WhileTheOtherSlotIsElected_ElectsForBoth()
    {
        _coordinator.Depart(1);
        var election = _coordinator.Arrive(2).Messages<ServerMessage.ElectionOpened>().Last();
        Assert.Equal((new Term(3), 2), (election.Term, election.Seats));
    }

    [Fact]
    public void KeptHolderLost_WhileKeysAreAgreed_ElectsForItsSlotAlone()
    {
        _coordinator.Depart(1);
        _coordinator.Recommend(4);
        _coordinator.Offer(4);
        var election = _coordinator.Depart(2).Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(3), 1), (election.Term, election.Seats));
    }

    [Fact]
    public void NewHolderLost_BeforeItOfferedKeys_ElectsForItsSlotAgain()
    {
        _coordinator.Depart(1);
        _coordinator.Recommend(4);
        var election = _coordinator.Depart(4).Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(3), 1), (election.Term, election.Seats));
    }

    /// <summary>Who was taken out of a slot that it believes to hold does not come forward for it.</summary>
    [Fact]
    public void ElectionDeadline_NobodyTakesTheLostSlot_OpensAllSlots()
    {
        _coordinator.Depart(1);
        var election = _coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>();
        Assert.Equal((new Term(3), 3), (election.Term, election.Seats));
    }

    [Fact]
    public void OfferMade_AgainByWhoKeepsItsSeat_IsIgnored()
    {
        _coordinator.Depart(1);
        _coordinator.Recommend(4);
        Assert.Empty(_coordinator.Offer(0));
        Assert.Empty(_coordinator.Say(2, new NodeMessage.OfferMade(Some.Offer(_coordinator.Leaders.Seats[2]))));
        Assert.Equal(3, _coordinator.Offer(4).Says<ServerMessage.OffersPublished>().Offers.Length);
    }

    [Fact]
    public void HolderJoinsAgain_WithTheSameIncarnation_HasLostItsSeatAllTheSame()
    {
        var lost = _coordinator.Arrive(1).Reports<CoordinatorEvent.LeaderLost>();
        Assert.Equal((new Slot(1), "it joined again, without the keys of its slot"), (lost.Slot, lost.Reason));
    }

    /// <summary>With keys, nodes that have none might make the difference.</summary>
    [Fact]
    public void RoundFailsForKMin_SomeHaveNoKeys_ElectsAllSlotsAnew()
    {
        _coordinator.Arrive(6);
        _coordinator.UploadAll();
        _coordinator.Hold(0, 0, 1);
        _coordinator.Hold(1, 0, 1);
        var effects = _coordinator.Hold(2, 0, 1);
        Assert.Contains("k_min", effects.Says<ServerMessage.RoundAborted>().Reason, StringComparison.Ordinal);
        Assert.Equal(3, effects.Says<ServerMessage.ElectionOpened>().Seats);
    }

    [Fact]
    public void RoundFailsForKMin_EveryoneHasKeys_GoesOnUnderTheSameLeaders()
    {
        _coordinator.UploadAll();
        _coordinator.Hold(0, 0, 1);
        _coordinator.Hold(1, 0, 1);
        var effects = _coordinator.Hold(2, 0, 1);
        Assert.Equal(new Round(2), effects.Says<ServerMessage.RoundOpened>().Spec.Round);
        Assert.True(effects.Silent<ServerMessage.ElectionOpened>());
    }

    /// <summary>The minimum is for the first gathering of a run, not for its resumption.</summary>
    [Fact]
    public void Resumed_FewerThanTheMinimum_ElectsAllTheSame()
    {
        var resumed = new CoordinatorUnderTest(Some.Rules(minimumNodes: 9), new CoordinatorProgress(new Term(4), new Round(2), 1, Some.Hash("model"), 0.5));
        Assert.Equal(new Term(5), resumed.ArriveAll(3).Says<ServerMessage.ElectionOpened>().Term);
    }
}
