namespace DemoFl.Protocol.Tests.Node;

/// <summary>A node that takes a lost slot in the middle of a round (DESIGN section 7): node 0, slot 1 of nodes 1, 2 and 3.</summary>
public class NewHolderTests
{
    private static readonly LeaderSet Before = Some.LeadersOf(1, 2, 3);
    private static readonly LeaderSet Next = Some.Replaced(Before, slot: 1, holder: 0);
    private readonly NodeUnderTest _node = Present();

    [Fact]
    public void Replaced_ItsOffer_SeatsItWithoutASecondOne()
    {
        Offer();
        var effects = Replace();
        Assert.Equal(Next.Digest, Assert.Single(effects.OfType<NodeEffect.SeatLeaders>()).Leaders.Digest);
        Assert.Empty(effects.OfType<NodeEffect.OfferKeys>());
        Assert.Equal(new Slot(1), _node.Machine.OwnSlot);
        Assert.Contains(effects.OfType<NodeEffect.Report>(), r => r.Event is NodeEvent.SlotTaken);
    }

    /// <summary>Parties may know of its seat before it is told so itself.</summary>
    [Fact]
    public void BeforeItIsSeated_WhatPartiesSay_IsKeptAndAnsweredInOrderThen()
    {
        Offer();
        Assert.Empty(_node.FromParty(2, new PeerMessage.Confirm()));
        Assert.Empty(Seed(4));
        Assert.Empty(Affirm(4));
        Assert.Empty(_node.FromParty(5, Some.Announcement(1, Some.Nonce(5), leaders: Next)));
        var replies = Replace().OfType<NodeEffect.ToParty>().ToArray();
        Assert.Equal(
            [
                (Some.Node(2), new PeerMessage.Confirm()), (Some.Node(4), new PeerMessage.Acknowledgement(new Round(1), Vector: false)),
                (Some.Node(4), new PeerMessage.AffirmationReceipt(new Round(1), new Term(2))),
            ],
            replies.Select(r => (r.Party, r.Message)));
    }

    [Fact]
    public void BeforeItIsSeated_AnnouncementUnderTheNewSet_IsAcknowledgedThen()
    {
        Offer();
        _node.FromParty(4, Some.Announcement(1, Some.Nonce(4), leaders: Next));
        var effects = Replace();
        Assert.Equal(Some.Node(4), Assert.Single(effects.OfType<NodeEffect.HoldMask>()).Party);
        Assert.Contains(effects, e => e is NodeEffect.ToParty { Message: PeerMessage.Acknowledgement });
    }

    /// <summary>One party's noise takes no other's room.</summary>
    [Fact]
    public void BeforeItIsSeated_MoreMessagesOfOnePartyThanTheLimit_AreDroppedAndAnothersAreKept()
    {
        Offer();
        for (int i = 0; i < NodeMachine.MaxEarlyMessages + 10; i++)
        {
            _node.FromParty(4, new PeerMessage.Confirm());
        }

        _node.FromParty(3, new PeerMessage.Confirm());
        var replies = Replace().OfType<NodeEffect.ToParty>().ToArray();
        Assert.Equal(NodeMachine.MaxEarlyMessagesOfOne, replies.Count(r => r.Party == Some.Node(4)));
        Assert.Single(replies, r => r.Party == Some.Node(3));
    }

    [Fact]
    public void SeedHeld_OfAParty_IsAcknowledgedAndASecondNonceIsNot()
    {
        Seat();
        Assert.False(Seed(4).Sends<PeerMessage.Acknowledgement>().Vector);
        Seed(4).Sends<PeerMessage.Acknowledgement>();
        Assert.Empty(Seed(4, nonce: 99));
        Assert.Empty(Seed(17));
        Assert.Empty(_node.Step(new NodeInput.SeedHeld(Some.Node(3), new Round(2), Some.Nonce(3))));
    }

    /// <summary>The seed stays with the host: what the machine does with it holds no derivation.</summary>
    [Fact]
    public void SeedHeld_OfAParty_DerivesNoMask()
    {
        Seat();
        Assert.Empty(Seed(4).OfType<NodeEffect.HoldMask>());
    }

    [Fact]
    public void Asked_AfterResealing_HoldsWhoGaveItsSeedAndAffirmed()
    {
        Seat();
        Array.ForEach([1, 2, 3], p => Seed(p));
        Array.ForEach([2, 3, 4], p => Affirm(p));
        var held = Ask(1, 2, 3, 4).Tells<NodeMessage.HoldingsReported>();
        Assert.Equal((new Attempt(2), 2), (held.Attempt, held.Holdings.Length));
        Assert.Equal(new HashSet<NodeId> { Some.Node(2), Some.Node(3) }, held.Holdings.ToHashSet());
    }

    [Fact]
    public void Asked_RotatingKeeperWithoutTheVector_DoesNotHold()
    {
        var node = Present(layout: Layout.Rotating);
        Offer(node);
        node.Hear(Some.Replacement(Before, Next));
        var nonce = Some.Nonce(PartyUnderTest.NonceFor(keeper: 1));
        var uploaded = new PartySet([new Contribution(Some.Node(4), nonce.Hash)]);
        node.Step(new NodeInput.SeedHeld(Some.Node(4), new Round(1), nonce));
        node.FromParty(4, new PeerMessage.Affirmation(new Round(1), new Term(2), Next.Digest));
        Assert.Empty(node.Hear(new ServerMessage.HoldingsAsked(new Round(1), new Attempt(2), uploaded)).Tells<NodeMessage.HoldingsReported>().Holdings);
        Assert.True(node.Step(new NodeInput.VectorHeld(Some.Node(4), new Round(1))).Sends<PeerMessage.Acknowledgement>().Vector);
        Assert.Single(node.Hear(new ServerMessage.HoldingsAsked(new Round(1), new Attempt(3), uploaded)).Tells<NodeMessage.HoldingsReported>().Holdings);
    }

    [Fact]
    public void Agreed_UnderTheNewSet_SignsSharesAndReleasesForItsSlot()
    {
        Seat();
        Array.ForEach([2, 3, 4], p => { Seed(p); Affirm(p); });
        Ask(2, 3, 4);
        var b = Some.Parties(2, 3, 4);
        var proposed = _node.Hear(new ServerMessage.IntersectionProposed(new Round(1), new Attempt(2), b));
        var digest = Assert.IsType<NodeEffect.SignDigest>(Assert.Single(proposed)).Digest;
        Assert.Equal((new Term(2), Next.Digest), (digest.Term, digest.Leaders));
        var signed = _node.Step(new NodeInput.DigestSigned(new SignedDigest(new Slot(1), digest, default)));
        Assert.Equal([0, 2], signed.SlotsTold<PeerMessage.DigestShare>());
        _node.FromParty(1, new PeerMessage.DigestShare(new SignedDigest(new Slot(0), digest, default)));
        _node.FromParty(3, new PeerMessage.DigestShare(new SignedDigest(new Slot(2), digest, default))).Tells<NodeMessage.DigestsReported>();
        var released = Assert.IsType<NodeEffect.ReleaseSum>(Assert.Single(_node.Hear(new ServerMessage.ReleaseAsked(new Round(1), new Attempt(2)))));
        Assert.Equal((new Slot(1), Next.Digest, 3), (released.Slot, released.Leaders.Digest, released.Parties.Length));
    }

    [Fact]
    public void Replaced_ByAnother_HoldsNoSlotAndForgetsWhatWasSaidToIt()
    {
        Offer();
        Seed(4);
        var effects = _node.Hear(Some.Replacement(Before, Some.Replaced(Before, 1, holder: 4)));
        Assert.Empty(effects.OfType<NodeEffect.ToParty>());
        Assert.Null(_node.Machine.OwnSlot);
        Assert.Empty(Seed(3));
        Assert.Empty(_node.FromParty(3, new PeerMessage.Confirm()));
    }

    [Fact]
    public void RoundAborted_BeforeItIsSeated_LeavesNothingOfTheOffer()
    {
        Offer();
        Seed(4);
        _node.Hear(new ServerMessage.RoundAborted(new Round(1), "over"));
        var effects = _node.Hear(new ServerMessage.LeadersAnnounced(Some.Replaced(Before, 1, holder: 0, term: 3), new Round(2)));
        Assert.Equal(new Round(2), Assert.Single(effects.OfType<NodeEffect.OfferKeys>()).FirstRound);
        Assert.Empty(effects.OfType<NodeEffect.ToParty>());
    }

    private void Seat()
    {
        Offer();
        Replace();
    }

    private List<NodeEffect> Offer(NodeUnderTest? node = null) => (node ?? _node).Hear(new ServerMessage.SlotOffered(new Round(1), Next));

    private List<NodeEffect> Replace() => _node.Hear(Some.Replacement(Before, Next));

    private List<NodeEffect> Seed(int party, int? nonce = null) =>
        _node.Step(new NodeInput.SeedHeld(Some.Node(party), new Round(1), Some.Nonce(nonce ?? party)));

    private List<NodeEffect> Affirm(int party) => _node.FromParty(party, new PeerMessage.Affirmation(new Round(1), new Term(2), Next.Digest));

    private List<NodeEffect> Ask(params int[] uploaded) =>
        _node.Hear(new ServerMessage.HoldingsAsked(new Round(1), new Attempt(2), Some.Parties(uploaded)));

    private static NodeUnderTest Present(Layout layout = Layout.Masked)
    {
        var node = new NodeUnderTest();
        node.OpenRound(Some.Spec(layout: layout), Before);
        return node;
    }
}
