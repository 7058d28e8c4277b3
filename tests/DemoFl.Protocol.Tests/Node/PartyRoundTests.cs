namespace DemoFl.Protocol.Tests.Node;

/// <summary>A party's order of doing things in a round (DESIGN section 6) and what its owner accepts (section 13).</summary>
public class PartyRoundTests
{
    private readonly NodeUnderTest _party = new();

    [Fact]
    public void RoundOpened_Selected_PreparesAnUpdate() => Assert.Single(_party.OpenRound(Some.Spec()).OfType<NodeEffect.PrepareUpdate>());

    [Fact]
    public void RoundOpened_NotSelected_DoesNothingAsAParty()
    {
        var effects = _party.OpenRound(Some.Spec() with { Participants = [Some.Node(1), Some.Node(2), Some.Node(3)] });
        Assert.Empty(effects.OfType<NodeEffect.PrepareUpdate>());
        Assert.Empty(effects.OfType<NodeEffect.Tell>());
        Assert.Empty(Prepared(nonce: 7));
    }

    [Fact]
    public void RoundOpened_WithoutKeys_IsDeclined()
    {
        _party.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders()));
        var effects = _party.Hear(new ServerMessage.RoundOpened(Some.Spec()));
        Assert.Contains(effects.OfType<NodeEffect.Tell>(), t => t.Message is NodeMessage.Declined);
        Assert.Empty(effects.OfType<NodeEffect.PrepareUpdate>());
    }

    [Fact]
    public void RoundOpened_OfAnotherRun_IsDeclined() =>
        Assert.Empty(_party.OpenRound(Some.Spec() with { Run = new RunId(9) }).OfType<NodeEffect.PrepareUpdate>());

    [Fact]
    public void RoundOpened_NumberNotAboveTheLast_IsIgnored()
    {
        _party.OpenRound(Some.Spec(round: 5));
        Assert.Empty(_party.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 5, kMin: 4))));
        Assert.Empty(_party.Hear(new ServerMessage.RoundOpened(Some.Spec(round: 4))));
    }

    [Fact]
    public void UpdatePrepared_Once_AnnouncesOneNonceToEveryHolder()
    {
        _party.OpenRound(Some.Spec());
        var sent = Prepared(nonce: 7).OfType<NodeEffect.ToHolder>().ToArray();
        Assert.Equal([0, 1, 2], sent.Select(s => s.Slot.Index));
        Assert.All(sent, s => Assert.Equal(Some.Announcement(1, Some.Nonce(7)), s.Message));
    }

    [Fact]
    public void UpdatePrepared_Again_AnnouncesNothing()
    {
        _party.OpenRound(Some.Spec());
        Prepared(nonce: 7);
        Assert.Empty(Prepared(nonce: 8));
    }

    [Fact]
    public void Acknowledged_ByAllHolders_SubmitsOnceAndNotBefore()
    {
        _party.OpenRound(Some.Spec());
        Prepared(nonce: 7);
        Assert.Empty(Acknowledged(0));
        Assert.Empty(Acknowledged(2));
        Assert.Empty(Acknowledged(2));
        var submit = Assert.IsType<NodeEffect.SubmitVector>(Assert.Single(Acknowledged(1)));
        Assert.Equal((Some.Nonce(7), Some.Leaders().Digest), (submit.Nonce, submit.Leaders!.Digest));
        Assert.Empty(Acknowledged(1));
    }

    [Fact]
    public void Acknowledged_EarlyOrForeign_DoesNotCount()
    {
        _party.OpenRound(Some.Spec());
        Acknowledged(0);
        Prepared(nonce: 7);
        Acknowledged(1);
        Assert.Empty(Acknowledged(2));
        Assert.Empty(Acknowledged(3));
        Assert.Empty(_party.FromHolder(0, new PeerMessage.Acknowledgement(new Round(2), Vector: false)));
        Assert.Single(Acknowledged(0));
    }

    [Fact]
    public void VectorAcknowledged_ByItsKeeperAfterSubmission_IsTold()
    {
        _party.OpenRound(Some.Spec(layout: Layout.Rotating));
        Prepared(nonce: 7);
        int keeper = VectorKeeper.Of(Some.Nonce(7), 3).Index;
        Assert.Empty(Acknowledged(keeper, vector: true));
        Array.ForEach([0, 1, 2], slot => Acknowledged(slot));
        Assert.Empty(Acknowledged((keeper + 1) % 3, vector: true));
        Assert.Equal(Some.Nonce(7).Hash, Acknowledged(keeper, vector: true).Tells<NodeMessage.VectorDelivered>().NonceHash);
        Assert.Empty(Acknowledged(keeper, vector: true));
    }

    [Fact]
    public void UpdateFailed_BeforeDelivery_DeclinesWithTheReason()
    {
        _party.OpenRound(Some.Spec());
        Assert.Equal("no samples", _party.Step(new NodeInput.UpdateFailed(new Round(1), "no samples")).Tells<NodeMessage.Declined>().Reason);
    }

    [Fact]
    public void UpdateFailed_AfterDelivery_ChangesNothing()
    {
        _party.OpenRound(Some.Spec());
        Prepared(nonce: 7);
        _party.Step(new NodeInput.VectorSubmitted(new Round(1)));
        Assert.Empty(_party.Step(new NodeInput.UpdateFailed(new Round(1), "late")));
    }

    [Fact]
    public void UpdatePrepared_PlainLayout_SubmitsWithoutLeaders()
    {
        _party.Hear(new ServerMessage.RoundOpened(Some.Spec(layout: Layout.Plain)));
        Assert.Null(Assert.IsType<NodeEffect.SubmitVector>(Assert.Single(Prepared(nonce: 7))).Leaders);
    }

    [Fact]
    public void LeadersAnnounced_WhileARoundIsOpen_EndsItAndAnnouncesNothingToTheNewOnes()
    {
        _party.OpenRound(Some.Spec());
        var effects = _party.Hear(new ServerMessage.LeadersAnnounced(Some.Leaders(term: 2)));
        Assert.False(Assert.Single(effects.OfType<NodeEffect.CloseRound>()).Committed);
        Assert.Empty(Prepared(nonce: 7));
    }

    [Fact]
    public void RoundCommitted_OpenRound_ClosesItAndObservesItsTotals()
    {
        _party.OpenRound(Some.Spec());
        var effects = _party.Hear(new ServerMessage.RoundCommitted(new Round(1), Some.Hash("next"), 3, new RoundTotals(1, 2, 3, 4, 5)));
        Assert.Single(effects.OfType<NodeEffect.ObserveTotals>());
        Assert.True(Assert.Single(effects.OfType<NodeEffect.CloseRound>()).Committed);
        Assert.Empty(Prepared(nonce: 7));
    }

    [Fact]
    public void RoundAborted_OfAnotherRound_ChangesNothing()
    {
        _party.OpenRound(Some.Spec(round: 2));
        Assert.Empty(_party.Hear(new ServerMessage.RoundAborted(new Round(1), "old")));
        Assert.NotEmpty(_party.Step(new NodeInput.UpdatePrepared(new Round(2), Some.Nonce(7))));
    }

    private List<NodeEffect> Prepared(int nonce) => _party.Step(new NodeInput.UpdatePrepared(new Round(1), Some.Nonce(nonce)));

    private List<NodeEffect> Acknowledged(int slot, bool vector = false) =>
        _party.FromHolder(slot, new PeerMessage.Acknowledgement(new Round(1), vector));
}
