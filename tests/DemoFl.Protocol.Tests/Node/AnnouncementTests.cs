namespace DemoFl.Protocol.Tests.Node;

/// <summary>What a leader keeps of what parties announce (DESIGN section 6).</summary>
public class AnnouncementTests
{
    [Fact]
    public void Announced_ByParticipant_IsAcknowledged() =>
        Assert.False(new LeaderUnderTest().Announce(3).Sends<PeerMessage.Acknowledgement>().Vector);

    /// <summary>The acknowledgement promises that the mask can be made, whatever becomes of the channel: so the seed comes first.</summary>
    [Fact]
    public void Announced_ByParticipant_HoldsItsMaskOnceAndBeforeAcknowledging()
    {
        var leader = new LeaderUnderTest();
        var effects = leader.Announce(3);
        var held = Assert.IsType<NodeEffect.HoldMask>(effects[0]);
        Assert.Equal((leader.Spec.Digest, LeaderUnderTest.Leaders.Digest), (held.Spec.Digest, held.Leaders.Digest));
        Assert.Equal((new Slot(0), Some.Node(3), Some.Nonce(3)), (held.Slot, held.Party, held.Nonce));
        Assert.IsType<NodeEffect.ToParty>(effects[1]);
        Assert.Empty(leader.Announce(3).OfType<NodeEffect.HoldMask>());
    }

    /// <summary>A server that tells a party another round, or other leaders, than a leader gets no vector of that party.</summary>
    [Fact]
    public void Announced_ByAPartyThatWasToldOtherwise_IsIgnored()
    {
        var leader = new LeaderUnderTest();
        var idle = leader.Spec with { Training = leader.Spec.Training with { LearningRate = 1e-30 } };
        Assert.Empty(leader.Step(new NodeInput.FromParty(Some.Node(3), Some.Announcement(1, Some.Nonce(3), idle))));
        Assert.Empty(leader.Step(new NodeInput.FromParty(Some.Node(3), Some.Announcement(1, Some.Nonce(3), leader.Spec, Some.Leaders(term: 9)))));
        Assert.NotEmpty(leader.Step(new NodeInput.FromParty(Some.Node(3), Some.Announcement(1, Some.Nonce(3), leader.Spec))));
    }

    [Fact]
    public void Announced_ByNobodySelected_IsIgnored() => Assert.Empty(new LeaderUnderTest().Announce(17));

    [Fact]
    public void Announced_SameNonceAgain_IsAcknowledgedAgain()
    {
        var leader = new LeaderUnderTest().Announced(3);
        leader.Announce(3).Sends<PeerMessage.Acknowledgement>();
    }

    [Fact]
    public void Announced_SecondNonceOfAParty_IsIgnoredAndTheFirstKept()
    {
        var leader = new LeaderUnderTest().Announced(1, 2, 3);
        Assert.Empty(leader.Announce(3, nonce: 99));
        Assert.Equal(3, leader.Ask(1, 1, 2, 3).Tells<NodeMessage.HoldingsReported>().Holdings.Length);
    }

    [Fact]
    public void Announced_ForAnEarlierRound_IsIgnored()
    {
        var node = new NodeUnderTest();
        node.OpenRound(Some.Spec(round: 5));
        Assert.Empty(node.FromParty(1, Some.Announcement(4, Some.Nonce(1))));
    }

    [Fact]
    public void Announced_BeforeTheRoundOpens_IsAcknowledgedWhenItDoes()
    {
        var node = new NodeUnderTest();
        node.AgreeKeys(Some.Leaders());
        Assert.Empty(node.FromParty(1, Some.Announcement(1, Some.Nonce(1))));
        var effects = node.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 1)));
        Assert.Equal(Some.Node(1), Assert.Single(effects.OfType<NodeEffect.ToParty>()).Party);
    }

    [Fact]
    public void Announced_ForTheRoundAfterNext_WaitsForThatOne()
    {
        var node = new NodeUnderTest();
        node.AgreeKeys(Some.Leaders());
        node.FromParty(1, Some.Announcement(2, Some.Nonce(1)));
        Assert.Empty(node.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 1))).OfType<NodeEffect.ToParty>());
        Assert.Single(node.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 2))).OfType<NodeEffect.ToParty>());
    }

    [Fact]
    public void Announced_EarlyUnderEarlierLeaders_IsForgottenWithTheirChannels()
    {
        var node = new NodeUnderTest();
        node.AgreeKeys(Some.Leaders(term: 1));
        node.FromParty(1, Some.Announcement(1, Some.Nonce(1)));
        node.AgreeKeys(Some.Leaders(term: 2));
        Assert.Empty(node.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 1))).OfType<NodeEffect.ToParty>());
    }

    [Fact]
    public void VectorHeld_RotatingLayout_IsAcknowledgedAndCountsAsHeld()
    {
        int mine = Enumerable.Range(0, 5).First(i => VectorKeeper.Of(Some.Nonce(i), 3) == new Slot(0));
        var leader = new LeaderUnderTest(Layout.Rotating).Announced(mine);
        Assert.Empty(leader.Ask(1, mine).Tells<NodeMessage.HoldingsReported>().Holdings);

        var held = leader.Step(new NodeInput.VectorHeld(Some.Node(mine), leader.Spec.Round));
        Assert.True(held.Sends<PeerMessage.Acknowledgement>().Vector);
        Assert.Equal(Some.Node(mine), Assert.Single(leader.Ask(2, mine).Tells<NodeMessage.HoldingsReported>().Holdings));
    }

    [Fact]
    public void VectorHeld_WithoutAnnouncement_IsIgnored()
    {
        var leader = new LeaderUnderTest(Layout.Rotating);
        Assert.Empty(leader.Step(new NodeInput.VectorHeld(Some.Node(1), leader.Spec.Round)));
    }

    [Fact]
    public void Asked_RotatingPartyOfAnotherKeeper_CountsAsHeldByItsAnnouncement()
    {
        int other = Enumerable.Range(0, 5).First(i => VectorKeeper.Of(Some.Nonce(i), 3) != new Slot(0));
        var leader = new LeaderUnderTest(Layout.Rotating).Announced(other);
        Assert.Equal(Some.Node(other), Assert.Single(leader.Ask(1, other).Tells<NodeMessage.HoldingsReported>().Holdings));
    }
}
