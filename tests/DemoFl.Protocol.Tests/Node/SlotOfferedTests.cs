namespace DemoFl.Protocol.Tests.Node;

/// <summary>When a node takes the lost slot that it is offered (DESIGN section 7; promise P3): node 0, slot 1 of nodes 1, 2 and 3.</summary>
public class SlotOfferedTests
{
    private static readonly LeaderSet Before = Some.LeadersOf(1, 2, 3);
    private static readonly LeaderSet Next = Some.Replaced(Before, slot: 1, holder: 0);
    private readonly NodeUnderTest _node = Present();

    [Fact]
    public void SlotOffered_ToANodeWithAllKeys_OffersItsOwnFromTheOpenRoundOn()
    {
        var offer = Assert.IsType<NodeEffect.OfferKeys>(Assert.Single(Offer()));
        Assert.Equal((Next.Digest, new Slot(1), new Round(1)), (offer.Leaders.Digest, offer.Slot, offer.FirstRound));
        Assert.Null(_node.Machine.OwnSlot);
    }

    [Fact]
    public void SlotOffered_InARoundThatItIsNotIn_IsDeclined() => AssertDeclined(_node.Hear(new ServerMessage.SlotOffered(new Round(2), Next)));

    [Fact]
    public void SlotOffered_InAnEarlierRound_IsIgnored()
    {
        _node.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 2)));
        Assert.Empty(Offer());
    }

    /// <summary>It has keys with all leaders and was never told of the round: better said than waited for.</summary>
    [Fact]
    public void SlotOffered_InARoundThatWasOpenBeforeItJoined_IsDeclined()
    {
        var node = new NodeUnderTest();
        node.AgreeKeys(Before);
        AssertDeclined(Offer(node));
    }

    [Fact]
    public void SlotOffered_WithoutKeysOfTheLastNewHolder_IsDeclined()
    {
        var other = Some.Replaced(Before, 1, holder: 4);
        _node.Hear(Some.Replacement(Before, other));
        AssertDeclined(Offer(leaders: Some.Replaced(other, 2, holder: 0, term: 3)));
    }

    [Fact]
    public void SlotOffered_ASecondTime_IsDeclined()
    {
        Offer();
        AssertDeclined(Offer(leaders: Some.Replaced(Before, 1, holder: 0, term: 3)));
    }

    [Fact]
    public void SlotOffered_ToANodeThatCannotLead_IsDeclined() => AssertDeclined(Offer(Present(canLead: false)));

    [Fact]
    public void SlotOffered_ToAHolderOfAnotherSlot_IsDeclined()
    {
        var holder = new NodeUnderTest();
        holder.OpenRound(Some.Spec());
        AssertDeclined(Offer(holder, Some.Replaced(Some.Leaders(), 1, holder: 4)));
        AssertDeclined(Offer(holder, Some.Replaced(Some.Leaders(), 0, holder: 0)));
    }

    [Fact]
    public void SlotOffered_WithoutKeysOfAllLeaders_IsDeclined()
    {
        var node = new NodeUnderTest();
        node.Hear(new ServerMessage.LeadersAnnounced(Before));
        node.Hear(new ServerMessage.RoundOpened(Some.Spec()));
        AssertDeclined(Offer(node));
    }

    [Fact]
    public void SlotOffered_InARoundThatTheOwnerDeclined_IsDeclined() => AssertDeclined(Offer(Present(policy: new NodePolicy(MinKMin: 4))));

    public static TheoryData<string, LeaderSet> OtherSets => new()
    {
        { "another's seat", Some.Replaced(Before, 1, holder: 4) },
        { "another's of the same process", Taken(holder: 4, incarnation: 0) },
        { "two slots changed", Some.Replaced(Some.Replaced(Before, 2, holder: 4), 1, holder: 0) },
        { "no higher term", Some.LeadersOf(1, 0, 3) },
        { "another life", Taken(holder: 0, incarnation: 9) },
        { "another run", new LeaderSet(new RunId(9), new Term(2), Next.Seats) },
    };

    [Theory]
    [MemberData(nameof(OtherSets))]
    public void SlotOffered_OfAnUnfitSet_IsDeclined(string what, LeaderSet leaders)
    {
        var effects = Offer(leaders: leaders);
        Assert.True(effects.TrueForAll(e => e is NodeEffect.Tell { Message: NodeMessage.LeaderRefused }), what);
        AssertDeclined(effects);
    }

    /// <summary>Slot 1 in the hands of a node in some life.</summary>
    private static LeaderSet Taken(int holder, int incarnation) => new(
        Some.Run, new Term(2), Before.Seats.SetItem(1, new Seat(new Slot(1), Some.Node(holder), Some.Incarnation(incarnation), new Term(2))));

    private List<NodeEffect> Offer(NodeUnderTest? node = null, LeaderSet? leaders = null) =>
        (node ?? _node).Hear(new ServerMessage.SlotOffered(new Round(1), leaders ?? Next));

    private static void AssertDeclined(List<NodeEffect> effects) =>
        Assert.Contains("cannot take the slot", effects.Tells<NodeMessage.LeaderRefused>().Reason, StringComparison.Ordinal);

    private static NodeUnderTest Present(bool canLead = true, NodePolicy? policy = null)
    {
        var node = new NodeUnderTest(policy, canLead);
        node.OpenRound(Some.Spec(), Before);
        return node;
    }
}
