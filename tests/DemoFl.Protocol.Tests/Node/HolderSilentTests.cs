namespace DemoFl.Protocol.Tests.Node;

/// <summary>When a party tells the coordinator that a holder does not answer (DESIGN section 7, "Heartbeats").</summary>
public class HolderSilentTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private readonly PartyUnderTest _party = new();

    [Fact]
    public void Patience_Over_ReportsWhoHasNotAcknowledgedAndNobodyElse()
    {
        _party.Prepare();
        _party.Acknowledge(1);
        Assert.Equal(Patience, _party.Node.Machine.NextDeadline);
        Assert.Empty(Tick(Patience - TimeSpan.FromTicks(1)));
        Assert.Equal(Silent(0, 2), Tick(Patience).Tellings());
        Assert.Null(_party.Node.Machine.NextDeadline);
        Assert.Empty(Tick(Patience * 2));
    }

    [Fact]
    public void Patience_AllAcknowledged_IsNeededNoMore()
    {
        _party.Submitted();
        Assert.Null(_party.Node.Machine.NextDeadline);
        Assert.Empty(Tick(Patience));
    }

    [Fact]
    public void CameBack_FromAHolder_ReportsItAtOnceAndOnce()
    {
        _party.Announced();
        Assert.Equal(Silent(1), CameBack(2).Tellings());
        Assert.Empty(CameBack(2));
        Assert.Equal(Silent(0, 2), Tick(Patience).Tellings());
    }

    [Fact]
    public void CameBack_FromAnybodyElse_IsIgnored()
    {
        _party.Announced();
        Assert.Empty(CameBack(9));
        Assert.Empty(CameBack(0));
    }

    [Fact]
    public void Replaced_ThePatienceBeginsAgain_AndTheNewHolderMayBeReportedToo()
    {
        _party.Announced();
        Tick(Patience);
        var later = TimeSpan.FromSeconds(60);
        _party.Node.Step(new NodeInput.FromServer(PartyUnderTest.Replacement), later);
        Assert.Equal(later + Patience, _party.Node.Machine.NextDeadline);
        _party.Acknowledge(0, 1, 2);
        _party.Receipt(0);
        Assert.Equal(Silent(1, 2), Tick(later + Patience).Tellings());
    }

    [Fact]
    public void CameBack_OfALostHolderAfterwards_IsIgnored()
    {
        _party.Announced().Replace();
        Assert.Empty(CameBack(2));
        Assert.Equal(Silent(1), CameBack(4).Tellings());
    }

    [Fact]
    public void UpdateFailed_KeeperDoesNotTakeTheVector_ReportsTheKeeperAndStaysIn()
    {
        var party = new PartyUnderTest(Layout.Rotating, nonce: PartyUnderTest.NonceFor(keeper: 2)).Submitted();
        Assert.Equal(Silent(2), party.Node.Step(new NodeInput.UpdateFailed(new Round(1), "no answer", Undelivered: true)).Tellings());
        Assert.Empty(party.Node.Step(new NodeInput.UpdateFailed(new Round(1), "no answer", Undelivered: true)));
        party.AcknowledgeVector(2).Tells<NodeMessage.VectorDelivered>();
    }

    [Fact]
    public void RoundEnded_NobodyIsReportedAnyMore()
    {
        _party.Announced();
        _party.Node.Hear(new ServerMessage.RoundAborted(new Round(1), "over"));
        Assert.Null(_party.Node.Machine.NextDeadline);
        Assert.Empty(Tick(Patience));
        Assert.Empty(CameBack(1));
    }

    private static NodeMessage[] Silent(params int[] slots) => [.. slots.Select(s => new NodeMessage.HolderSilent(new Round(1), new Slot(s)))];

    private List<NodeEffect> CameBack(int peer) => _party.Node.Step(new NodeInput.CameBack(Some.Node(peer)));

    private List<NodeEffect> Tick(TimeSpan now) => _party.Node.Step(new NodeInput.Tick(), now);
}
