namespace DemoFl.Protocol.Tests.Coordinator;

/// <summary>Key agreement as the coordinator sees it, and what a late joiner is told (DESIGN section 7, step 3).</summary>
public class KeyingTests
{
    private readonly CoordinatorUnderTest _coordinator = new(Some.Rules(leaders: 2));

    public KeyingTests()
    {
        _coordinator.ArriveAll(4);
        _coordinator.Recommend(0);
        _coordinator.Recommend(1);
    }

    [Fact]
    public void Offered_ByEverySeat_ArePublishedTogether()
    {
        Assert.True(_coordinator.Offer(1).Silent<ServerMessage.OffersPublished>());
        Assert.Equal([0, 1], _coordinator.Offer(0).Says<ServerMessage.OffersPublished>().Offers.Select(o => o.Offer.Slot.Index));
    }

    [Fact]
    public void Offered_SecondTimeForASlot_IsIgnored()
    {
        _coordinator.Offer(1);
        var seat = _coordinator.Leaders.Seats[1];
        var second = Some.Offer(seat) with { Offer = Some.Offer(seat).Offer with { PublicKey = new byte[] { 9 } } };
        _coordinator.Say(1, new NodeMessage.OfferMade(second));
        var published = _coordinator.Offer(0).Says<ServerMessage.OffersPublished>().Offers;
        Assert.Equal([4, 1], published[1].Offer.PublicKey.ToArray());
    }

    public static TheoryData<string, Func<KeyOffer, KeyOffer>> Forgeries => new()
    {
        { "term", o => o with { Term = new Term(9) } },
        { "slot", o => o with { Slot = new Slot(1) } },
        { "holder", o => o with { Holder = Some.Node(1) } },
        { "incarnation", o => o with { Incarnation = Some.Incarnation(9) } },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void Offered_NotForTheOwnSeat_IsIgnored(string field, Func<KeyOffer, KeyOffer> forge)
    {
        _coordinator.Offer(1);
        var offer = Some.Offer(_coordinator.Leaders.Seats[0]);
        var effects = _coordinator.Say(0, new NodeMessage.OfferMade(offer with { Offer = forge(offer.Offer) }));
        Assert.True(effects.Silent<ServerMessage.OffersPublished>(), $"an offer with another {field} was published");
        _coordinator.Offer(0).Says<ServerMessage.OffersPublished>();
    }

    [Fact]
    public void Keyed_AllPresent_OpensARoundJournaledBeforeItIsSent()
    {
        var effects = KeyAll(4);
        int journaled = effects.FindIndex(e => e is CoordinatorEffect.Journal { Entry: JournalEntry.RoundOpened });
        int accepting = effects.FindIndex(e => e is CoordinatorEffect.AcceptVectors);
        int sent = effects.FindIndex(e => e is CoordinatorEffect.Broadcast { Message: ServerMessage.RoundOpened });
        Assert.True(journaled >= 0 && journaled < accepting && accepting < sent);
    }

    [Fact]
    public void Keyed_ForAnEarlierTerm_DoesNotCount()
    {
        _coordinator.Say(3, new NodeMessage.KeysEstablished(new Term(0)));
        Assert.True(KeyAll(3).Silent<ServerMessage.RoundOpened>());
    }

    [Fact]
    public void KeyDeadline_ALeaderLate_OpensTheNextTerm()
    {
        Array.ForEach([1, 2, 3], i => _coordinator.Keyed(i));
        Assert.Equal(new Term(2), _coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void KeyDeadline_APartyLate_OpensTheRoundWithoutIt()
    {
        KeyAll(3);
        Assert.DoesNotContain(Some.Node(3), _coordinator.PassDeadline().Says<ServerMessage.RoundOpened>().Spec.Participants);
    }

    [Fact]
    public void KeyDeadline_FewerThanKMin_OpensTheNextTerm()
    {
        KeyAll(2);
        Assert.Equal(new Term(2), _coordinator.PassDeadline().Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void LeaderDeparted_WhileKeying_OpensTheNextTerm()
    {
        var effects = _coordinator.Depart(0);
        Assert.Equal(Some.Node(0), effects.Reports<CoordinatorEvent.LeaderLost>().Node);
        Assert.Equal(new Term(2), effects.Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void LeaderRestarted_WithoutADeparture_LosesItsSlot() =>
        Assert.Equal(new Term(2), _coordinator.Arrive(0, incarnation: 50).Says<ServerMessage.ElectionOpened>().Term);

    [Fact]
    public void Departed_AnEarlierIncarnation_ChangesNothing()
    {
        _coordinator.Arrive(3, incarnation: 50);
        Assert.Empty(_coordinator.Depart(3, incarnation: 3));
        Assert.Equal(4, _coordinator.Machine.Nodes.Present);
    }

    [Fact]
    public void Arrived_DuringARound_IsToldTheLeadersAndTheirOffersAndSelectedNextTime()
    {
        _coordinator.Offer(0);
        _coordinator.Offer(1);
        KeyAll(4);
        var effects = _coordinator.Arrive(4);
        Assert.Equal(1ul, effects.Says<ServerMessage.LeadersAnnounced>().Leaders.Term.Value);
        Assert.Equal(2, effects.Says<ServerMessage.OffersPublished>().Offers.Length);
        Assert.All(effects.OfType<CoordinatorEffect.Send>(), s => Assert.Equal(Some.Node(4), s.To));
        _coordinator.Keyed(4);
        Array.ForEach([0, 1, 2, 3], i => _coordinator.Say(i, new NodeMessage.Declined(_coordinator.Spec.Round, "not today")));
        Assert.Contains(Some.Node(4), _coordinator.Spec.Participants);
    }

    [Fact]
    public void Arrived_DuringAnElection_IsToldOfIt()
    {
        _coordinator.Depart(0);
        Assert.Equal(new Term(2), _coordinator.Arrive(5).Says<ServerMessage.ElectionOpened>().Term);
    }

    [Fact]
    public void Arrived_WhileGatheringAgain_IsToldOfNoLeaders()
    {
        Array.ForEach([2, 3, 0], i => _coordinator.Depart(i));
        Assert.Equal(CoordinatorPhase.Gathering, _coordinator.Machine.Phase);
        Assert.Null(_coordinator.Machine.Leaders);
        Assert.Empty(_coordinator.Arrive(5).OfType<CoordinatorEffect.Send>());
    }

    private List<CoordinatorEffect> KeyAll(int nodes) => [.. Enumerable.Range(0, nodes).SelectMany(_coordinator.Keyed)];
}
