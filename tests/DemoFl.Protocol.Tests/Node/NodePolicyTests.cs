namespace DemoFl.Protocol.Tests.Node;

public class NodePolicyTests
{
    [Fact]
    public void Objection_DefaultsMet_IsNone() => Assert.Null(new NodePolicy().Objection(Some.Spec(kMin: 3), Some.Leaders(count: 2)));

    [Fact]
    public void Objection_TooFewLeaders_NamesTheFloor() =>
        Assert.Contains("floor of 2", new NodePolicy().Objection(Some.Spec(), Some.Leaders(count: 1)), StringComparison.Ordinal);

    [Fact]
    public void Objection_NoLeaders_NamesTheFloor() => Assert.Contains("0 leaders", new NodePolicy().Objection(Some.Spec(), null), StringComparison.Ordinal);

    [Fact]
    public void Objection_KMinBelowFloor_NamesTheFloor() =>
        Assert.Contains("floor of 3", new NodePolicy().Objection(Some.Spec(kMin: 2), Some.Leaders()), StringComparison.Ordinal);

    [Fact]
    public void Objection_Plain_OnlyWithoutAllowPlain()
    {
        Assert.Contains("--allow-plain", new NodePolicy().Objection(Some.Spec(layout: Layout.Plain), null), StringComparison.Ordinal);
        Assert.Null(new NodePolicy(AllowPlain: true).Objection(Some.Spec(layout: Layout.Plain), null));
    }

    [Fact]
    public void RoundOpened_BelowAFloor_IsDeclinedAsPartyAndRefusedAsLeader()
    {
        var node = new NodeUnderTest(new NodePolicy(MinKMin: 4));
        var told = node.OpenRound(Some.Spec(kMin: 3)).OfType<NodeEffect.Tell>().Select(t => t.Message).ToArray();
        Assert.Contains(told, m => m is NodeMessage.Declined);
        Assert.Contains(told, m => m is NodeMessage.LeaderRefused);
        Assert.Empty(node.FromParty(1, Some.Announcement(1, Some.Nonce(1))));
    }

    [Fact]
    public void RoundOpened_RefusedByThePartyRule_IsDeclinedInTheToldWordsAndStillLed()
    {
        var node = new NodeUnderTest(new NodePolicy(PartyRule: (_, _) => new PartyRefusal("epochs are 5", "epochs")));
        var effects = node.OpenRound(Some.Spec());
        Assert.Equal("epochs are 5", Assert.IsType<NodeEvent.Declined>(Assert.Single(effects.OfType<NodeEffect.Report>()).Event).Reason);
        Assert.Equal(new NodeMessage.Declined(Some.Spec().Round, "epochs"), Assert.Single(effects.OfType<NodeEffect.Tell>()).Message);
        Assert.Contains(effects, e => e is NodeEffect.OpenRound);
        Assert.DoesNotContain(effects, e => e is NodeEffect.PrepareUpdate);
        Assert.Contains(node.FromParty(1, Some.Announcement(1, Some.Nonce(1))), e => e is NodeEffect.ToParty);
    }

    [Fact]
    public void RoundOpened_NodeNotSelected_IsNotAskedByThePartyRule()
    {
        var node = new NodeUnderTest(new NodePolicy(PartyRule: (_, _) => throw new InvalidOperationException("asked")));
        var spec = Some.Spec();
        Assert.DoesNotContain(node.OpenRound(spec with { Participants = [.. spec.Participants.Where(p => p != Some.Node(0))] }), e => e is NodeEffect.Report);
    }
}
