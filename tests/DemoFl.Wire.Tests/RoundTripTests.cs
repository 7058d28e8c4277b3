using DemoFl.Protocol;
using Google.Protobuf;

namespace DemoFl.Wire.Tests;

/// <summary>Whatever one side says, the other hears: through the mapping, the bytes, and the mapping back.</summary>
public class RoundTripTests
{
    [Fact]
    public void ServerFrames_EveryMessage_ComesBackAsItWas() => Assert.All(Samples.FromServer, message =>
    {
        var frame = V1.ServerFrame.Parser.ParseFrom(ServerFrames.ToWire(message, Samples.Run, Samples.Sign).ToByteArray());
        Assert.Equal(Shape.Of(message), Shape.Of(ServerFrames.FromWire(frame, Samples.Run, Samples.Verify)));
    });

    [Fact]
    public void NodeFrames_EveryMessage_ComesBackAsItWas() => Assert.All(Samples.FromNode, message =>
    {
        var frame = V1.NodeFrame.Parser.ParseFrom(NodeFrames.ToWire(message).ToByteArray());
        Assert.Equal(Shape.Of(message), Shape.Of(NodeFrames.FromWire(frame)));
    });

    [Fact]
    public void PeerContents_EveryMessage_ComesBackAsItWas() => Assert.All(Samples.FromPeer, message =>
    {
        var content = PeerContents.Parse(PeerContents.ToBytes(message));
        Assert.Equal(Shape.Of(message), Shape.Of(PeerContents.FromContent(content, PeerContents.KindOf(message), new Round(42))));
    });

    [Fact]
    public void Records_KeyAnswer_ComesBackAsItWas()
    {
        var wire = V1.KeyAnswer.Parser.ParseFrom(Records.ToWire(Samples.Answer).ToByteArray());
        Assert.Equal(Shape.Of(Samples.Answer), Shape.Of(Records.FromWire(wire)));
    }

    [Theory]
    [InlineData(typeof(ServerMessage))]
    [InlineData(typeof(NodeMessage))]
    [InlineData(typeof(PeerMessage))]
    public void Samples_EveryKindOfMessage_HasOne(Type family)
    {
        var kinds = family.GetNestedTypes().Where(t => t.IsSubclassOf(family)).Select(t => t.Name);
        var sampled = Samples.FromServer.Cast<object>().Concat(Samples.FromNode).Concat(Samples.FromPeer).Where(family.IsInstanceOfType).Select(m => m.GetType().Name);
        Assert.Equal(kinds.Order(), sampled.Distinct().Order());
    }

    [Fact]
    public void Signed_ByOneMessage_IsTheSameOnBothSides()
    {
        // What the receiver verifies is the canonical statement of what it read, not the bytes that came.
        var opened = Samples.Frame<ServerMessage.RoundOpened>();
        Assert.Equal(Samples.Spec.Digest, RoundSpecs.FromWire(opened.RoundOpened).Digest);
        Assert.Equal(Samples.Leaders.Digest, Records.FromWire(Samples.Frame<ServerMessage.LeadersAnnounced>().LeadersAnnounced.Leaders).Digest);
    }

    [Fact]
    public void Reason_TooLong_IsCutAndNotRefused()
    {
        string reason = new('x', WireLimits.MaxText + 1);
        foreach (NodeMessage message in (NodeMessage[])[new NodeMessage.Declined(new Round(1), reason), new NodeMessage.LeaderRefused(new Round(1), reason)])
        {
            Assert.Contains(reason[1..], Shape.Of(NodeFrames.FromWire(NodeFrames.ToWire(message))), StringComparison.Ordinal);
        }

        var aborted = ServerFrames.ToWire(new ServerMessage.RoundAborted(new Round(1), reason), Samples.Run, Samples.Sign);
        Assert.Equal(WireLimits.MaxText, ((ServerMessage.RoundAborted)ServerFrames.FromWire(aborted, Samples.Run, Samples.Verify)).Reason.Length);
    }
}
