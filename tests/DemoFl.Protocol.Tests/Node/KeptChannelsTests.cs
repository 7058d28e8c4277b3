namespace DemoFl.Protocol.Tests.Node;

/// <summary>Between rounds, whoever keeps its seat keeps its channels: nobody agrees keys twice (DESIGN section 5).</summary>
public class KeptChannelsTests
{
    private static readonly LeaderSet Before = Some.Leaders();
    private static readonly LeaderSet Next = Some.Replaced(Before, slot: 1, holder: 4);
    private readonly NodeUnderTest _node = new();

    public KeptChannelsTests()
    {
        _node.AgreeKeys(Before);
        _node.Hear(new ServerMessage.RoundOpened(Some.Spec()));
        _node.Hear(new ServerMessage.RoundAborted(new Round(1), "a leader was lost"));
    }

    [Fact]
    public void OffersPublished_OfASetWithKeptSeats_AnswersOnlyTheNewOne()
    {
        Announce();
        Assert.Equal([1], Assert.Single(Publish().OfType<NodeEffect.AnswerOffers>()).Offers.Select(o => o.Offer.Slot.Index));
        Assert.Empty(Publish());
    }

    [Fact]
    public void Confirmed_ByTheNewHolderAlone_TellsThatTheKeysOfTheNewTermAreThere()
    {
        Announce();
        Publish();
        Assert.Empty(_node.FromHolder(0, new PeerMessage.Confirm()));
        Assert.Equal(new Term(2), _node.FromHolder(1, new PeerMessage.Confirm()).Tells<NodeMessage.KeysEstablished>().Term);
        Assert.Equal(new Term(2), Publish().Tells<NodeMessage.KeysEstablished>().Term);
    }

    [Fact]
    public void LeadersAnnounced_OwnSeatKept_OffersNothingAndGoesOnConfirming()
    {
        var effects = Announce();
        Assert.Single(effects);
        Assert.IsType<NodeEffect.SeatLeaders>(effects[0]);
        Assert.Equal(new Slot(0), _node.Machine.OwnSlot);
        _node.FromParty(7, new PeerMessage.Confirm()).Sends<PeerMessage.Confirm>();
    }

    [Fact]
    public void LeadersAnnounced_SameHolderOfAnotherLife_IsAnsweredAnew()
    {
        var restarted = new LeaderSet(Some.Run, new Term(2), Before.Seats.SetItem(2, new Seat(new Slot(2), Some.Node(2), Some.Incarnation(9), new Term(2))));
        _node.Hear(new ServerMessage.LeadersAnnounced(restarted, new Round(2)));
        Assert.Equal([2], Answered(_node.Hear(Published(restarted))));
    }

    /// <summary>A holder that lost its seat and was elected again offers a new key: its channels of then are gone.</summary>
    [Fact]
    public void LeadersAnnounced_SameHolderSeatedAnew_IsAnsweredAnew()
    {
        var again = Some.Replaced(Before, slot: 2, holder: 2);
        _node.Hear(new ServerMessage.LeadersAnnounced(again, new Round(2)));
        Assert.Equal([2], Answered(_node.Hear(Published(again))));
    }

    [Fact]
    public void LeadersAnnounced_SeatKeptButNeverConfirmed_WaitsForItsConfirmationStill()
    {
        var node = new NodeUnderTest();
        node.Hear(new ServerMessage.LeadersAnnounced(Before));
        node.Hear(Some.Offers(Before));
        node.FromHolder(0, new PeerMessage.Confirm());
        node.Hear(new ServerMessage.LeadersAnnounced(Next));
        Assert.Equal([1], Answered(node.Hear(Published(Next, first: 1))));
        Assert.Empty(node.FromHolder(1, new PeerMessage.Confirm()));
        node.FromHolder(2, new PeerMessage.Confirm()).Tells<NodeMessage.KeysEstablished>();
    }

    /// <summary>What a connection knew of the run before it was lost: its keys are gone, kept seat or not.</summary>
    [Fact]
    public void LeadersAnnounced_OwnSeatOfAnEarlierConnection_IsNotOurs()
    {
        var after = new NodeUnderTest(memory: _node.Machine.Memory);
        var effects = after.Hear(new ServerMessage.LeadersAnnounced(Next, new Round(2)));
        Assert.Null(after.Machine.OwnSlot);
        Assert.Empty(effects.OfType<NodeEffect.OfferKeys>());
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public void ElectionOpened_ToAHolder_IsStoodInOnlyWhereAllSlotsAreOpen(int seats, bool stands)
    {
        _node.Hear(new ServerMessage.ElectionOpened(new Term(2), TimeSpan.Zero, seats));
        Assert.Equal(stands, _node.Machine.NextDeadline is not null);
    }

    private List<NodeEffect> Announce() => _node.Hear(new ServerMessage.LeadersAnnounced(Next, new Round(2)));

    private List<NodeEffect> Publish() => _node.Hear(Published(Next));

    private static int[] Answered(List<NodeEffect> effects) =>
        [.. Assert.Single(effects.OfType<NodeEffect.AnswerOffers>()).Offers.Select(o => o.Offer.Slot.Index)];

    /// <summary>The kept seats' offers of round 1 and the new ones' of <paramref name="first"/>.</summary>
    private static ServerMessage.OffersPublished Published(LeaderSet leaders, ulong first = 2) => new(
        leaders.Term, [.. leaders.Seats.Select(s => Some.Offer(s, s.Since == leaders.Term ? new Round(first) : new Round(1)))]);
}
