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
}
