namespace DemoFl.Protocol.Tests.Node;

/// <summary>Nodes that have no part in the round in which a slot is filled anew: they need the new holder's keys all the same (DESIGN section 7, step 3).</summary>
public class OutsideTheRoundTests
{
    private static readonly LeaderSet Before = Some.LeadersOf(1, 2, 3);
    private static readonly LeaderSet Next = Some.Replaced(Before, slot: 1, holder: 4);
    private readonly NodeUnderTest _node = new();

    [Fact]
    public void Replaced_NotSelected_AnswersTheNewHolderAndResealsNothing()
    {
        _node.OpenRound(Some.Spec() with { Participants = [Some.Node(1), Some.Node(2), Some.Node(3)] }, Before);
        var effects = _node.Hear(Some.Replacement(Before, Next));
        AssertAnswersOneOffer(effects);
        Assert.DoesNotContain(effects, e => e is NodeEffect.Reseal or NodeEffect.ToHolder or NodeEffect.CloseRound);
        AssertKeyed();
    }

    [Fact]
    public void Replaced_InARoundThatWasOpenBeforeItJoined_AnswersTheNewHolder()
    {
        _node.AgreeKeys(Before);
        var effects = _node.Hear(Some.Replacement(Before, Next));
        AssertAnswersOneOffer(effects);
        AssertKeyed();
        Assert.NotEmpty(_node.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 2))).OfType<NodeEffect.PrepareUpdate>());
    }

    [Fact]
    public void Replaced_InARoundThatItDeclined_ClosesItAndAnswersTheNewHolder()
    {
        var node = new NodeUnderTest(new NodePolicy(MinKMin: 4));
        node.OpenRound(Some.Spec(), Before);
        var effects = node.Hear(Some.Replacement(Before, Next));
        Assert.Single(effects.OfType<NodeEffect.CloseRound>());
        AssertAnswersOneOffer(effects);
    }

    /// <summary>A message of an old round changes nothing (consistency C6).</summary>
    [Fact]
    public void Replaced_InARoundThatIsOver_IsIgnored()
    {
        _node.OpenRound(Some.Spec(round: 5), Before);
        Assert.Empty(_node.Hear(Some.Replacement(Before, Next, round: 4)));
        Assert.NotEmpty(_node.Step(new NodeInput.UpdatePrepared(new Round(5), Some.Nonce(7))));
    }

    /// <summary>It has no say in a round that it is not in: whom the seeds go to is no concern of its own.</summary>
    [Fact]
    public void Replaced_NoLeadersKnown_SeatsTheSetAndWaitsForTheOtherOffers()
    {
        var effects = _node.Hear(Some.Replacement(Before, Next));
        AssertAnswersOneOffer(effects);
        Assert.Empty(_node.FromHolder(1, new PeerMessage.Confirm()));
        var all = new ServerMessage.OffersPublished(Next.Term, [Some.Offer(Next.Seats[0]), Some.Offer(Next.Seats[1]), Some.Offer(Next.Seats[2])]);
        Assert.Equal([0, 2], Assert.Single(_node.Hear(all).OfType<NodeEffect.AnswerOffers>()).Offers.Select(o => o.Offer.Slot.Index));
    }

    [Fact]
    public void LeadersAnnounced_SetOfAReplacementThatItMissed_EndsTheRound()
    {
        _node.OpenRound(Some.Spec(), Before);
        Assert.Single(_node.Hear(new ServerMessage.LeadersAnnounced(Next, new Round(2))).OfType<NodeEffect.CloseRound>());
    }

    private static void AssertAnswersOneOffer(List<NodeEffect> effects)
    {
        Assert.Equal(Next.Digest, Assert.Single(effects.OfType<NodeEffect.SeatLeaders>()).Leaders.Digest);
        Assert.Equal(new Slot(1), Assert.Single(Assert.Single(effects.OfType<NodeEffect.AnswerOffers>()).Offers).Offer.Slot);
    }

    private void AssertKeyed() =>
        Assert.Equal(Next.Term, _node.FromHolder(1, new PeerMessage.Confirm()).Tells<NodeMessage.KeysEstablished>().Term);
}
