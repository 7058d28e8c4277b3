namespace DemoFl.Protocol.Tests.Node;

/// <summary>A node's agreement of keys with every leader of a term (DESIGN section 5).</summary>
public class KeyAgreementTests
{
    private static readonly LeaderSet Leaders = Some.Leaders();
    private readonly NodeUnderTest _node = new();

    [Fact]
    public void LeadersAnnounced_HolderOfASlot_ForgetsOldChannelsAndOffersForIt()
    {
        var effects = _node.Hear(new ServerMessage.LeadersAnnounced(Leaders));
        Assert.IsType<NodeEffect.SeatLeaders>(effects[0]);
        Assert.Equal(new Slot(0), Assert.Single(effects.OfType<NodeEffect.OfferKeys>()).Slot);
    }

    [Fact]
    public void LeadersAnnounced_AfterRounds_OffersFromTheNextRoundOn()
    {
        _node.OpenRound(Some.Spec(round: 41));
        var effects = _node.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(term: 2)));
        Assert.Equal(new Round(42), Assert.Single(effects.OfType<NodeEffect.OfferKeys>()).FirstRound);
    }

    [Fact]
    public void LeadersAnnounced_ToAFreshProcessInAnOldFederation_OffersFromTheFederationsNextRound()
    {
        var effects = _node.Hear(new ServerMessage.LeadersAnnounced(Leaders, new Round(9_000)));
        Assert.Equal(new Round(9_000), Assert.Single(effects.OfType<NodeEffect.OfferKeys>()).FirstRound);
    }

    [Fact]
    public void LeadersAnnounced_NextRoundBehindTheNodesOwn_NeverGoesBack()
    {
        _node.OpenRound(Some.Spec(round: 41));
        var effects = _node.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(term: 2), new Round(7)));
        Assert.Equal(new Round(42), Assert.Single(effects.OfType<NodeEffect.OfferKeys>()).FirstRound);
    }

    [Fact]
    public void OffersPublished_OnePerSeat_AreAnsweredOnce()
    {
        _node.Hear(new ServerMessage.LeadersAnnounced(Leaders));
        Assert.Single(_node.Hear(Some.Offers(Leaders)).OfType<NodeEffect.AnswerOffers>());
        Assert.Empty(_node.Hear(Some.Offers(Leaders)));
    }

    public static TheoryData<string, Func<KeyOffer, KeyOffer>> Forgeries => new()
    {
        { "run", o => o with { Run = new RunId(9) } },
        { "term", o => o with { Term = new Term(9) } },
        { "slot", o => o with { Slot = new Slot(2) } },
        { "holder", o => o with { Holder = Some.Node(9) } },
        { "incarnation", o => o with { Incarnation = Some.Incarnation(9) } },
    };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public void OffersPublished_OneIsNotTheSeats_AreNotAnswered(string field, Func<KeyOffer, KeyOffer> forge)
    {
        _node.Hear(new ServerMessage.LeadersAnnounced(Leaders));
        var offers = Some.Offers(Leaders).Offers;
        var forged = offers.SetItem(1, offers[1] with { Offer = forge(offers[1].Offer) });
        Assert.True(_node.Hear(new ServerMessage.OffersPublished(Leaders.Term, forged)).Count == 0, $"an offer with another {field} was answered");
    }

    [Fact]
    public void OffersPublished_OneMissingOrOneTooMany_AreNotAnswered()
    {
        _node.Hear(new ServerMessage.LeadersAnnounced(Leaders));
        var offers = Some.Offers(Leaders).Offers;
        Assert.Empty(_node.Hear(new ServerMessage.OffersPublished(Leaders.Term, offers.RemoveAt(1))));
        Assert.Empty(_node.Hear(new ServerMessage.OffersPublished(Leaders.Term, offers.Add(offers[1]))));
    }

    [Fact]
    public void Confirmed_ByEveryHolder_IsToldOnceAndNotBefore()
    {
        _node.Hear(new ServerMessage.LeadersAnnounced(Leaders));
        _node.Hear(Some.Offers(Leaders));
        Assert.Empty(_node.FromHolder(0, new PeerMessage.Confirm()));
        Assert.Empty(_node.FromHolder(1, new PeerMessage.Confirm()));
        Assert.Empty(_node.FromHolder(1, new PeerMessage.Confirm()));
        Assert.Equal(Leaders.Term, _node.FromHolder(2, new PeerMessage.Confirm()).Tells<NodeMessage.KeysEstablished>().Term);
        Assert.Empty(_node.FromHolder(2, new PeerMessage.Confirm()));
    }

    [Fact]
    public void Confirmed_BeforeAnswering_DoesNotCount()
    {
        _node.Hear(new ServerMessage.LeadersAnnounced(Leaders));
        _node.FromHolder(0, new PeerMessage.Confirm());
        _node.Hear(Some.Offers(Leaders));
        _node.FromHolder(1, new PeerMessage.Confirm());
        Assert.Empty(_node.FromHolder(2, new PeerMessage.Confirm()));
    }

    [Fact]
    public void OffersPublished_AgainAfterAllConfirmed_SaysAgainThatKeysAreThere()
    {
        _node.AgreeKeys(Leaders);
        var effects = _node.Hear(Some.Offers(Leaders));
        effects.Tells<NodeMessage.KeysEstablished>();
        Assert.Empty(effects.OfType<NodeEffect.AnswerOffers>());
    }

    [Fact]
    public void ConfirmHeard_FromAParty_IsConfirmedBackByAHolderOnly()
    {
        _node.Hear(new ServerMessage.LeadersAnnounced(Leaders));
        _node.FromParty(7, new PeerMessage.Confirm()).Sends<PeerMessage.Confirm>();

        var other = new NodeUnderTest();
        other.Hear(new ServerMessage.LeadersAnnounced(new LeaderSet(Some.Run, new Term(1), [new Seat(new Slot(0), Some.Node(1), Some.Incarnation(1), new Term(1))])));
        Assert.Empty(other.FromParty(7, new PeerMessage.Confirm()));
    }
}
