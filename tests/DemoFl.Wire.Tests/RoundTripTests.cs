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
        Assert.Equal(Shape.Of(message), Shape.Of(PeerContents.FromContent(content, Samples.Sealed(PeerContents.KindOf(message)))));
    });

    [Fact]
    public void Beats_AndTheirAnswers_ComeBackAsTheyWere()
    {
        Assert.Equal(Samples.Beat, Beats.FromWire(V1.Beat.Parser.ParseFrom(Beats.ToWire(Samples.Beat).ToByteArray())));
        Assert.Equal(Samples.BeatAnswered, Beats.FromWire(V1.BeatAnswered.Parser.ParseFrom(Beats.ToWire(Samples.BeatAnswered).ToByteArray())));
    }

    [Theory]
    [InlineData(WireLimits.SeedBytes)]
    [InlineData(0)]
    public void SeedContents_NonceAndSeed_ComeBackAsTheyWere(int length)
    {
        byte[] plaintext = SeedContents.ToBytes(new Nonce(Samples.Hash("nonce")), Samples.Hash("seed").ToArray().AsMemory(0, length));

        var (nonce, seed) = SeedContents.FromContent(PeerContents.Parse(plaintext));

        Assert.Equal(new Nonce(Samples.Hash("nonce")), nonce);
        Assert.Equal(Samples.Hash("seed").ToArray()[..length], seed.ToArray());
    }

    /// <summary>Who has taken the seed clears all that is left of it.</summary>
    [Fact]
    public void SeedContents_SeedCleared_IsGoneFromTheContent()
    {
        var content = PeerContents.Parse(SeedContents.ToBytes(new Nonce(Samples.Hash("nonce")), Samples.Hash("seed").ToArray()));

        SeedContents.FromContent(content).Seed.Span.Clear();

        Assert.All(content.Seed.Seed_, b => Assert.Equal(0, b));
    }

    [Fact]
    public void PlaceOf_EveryPeerMessage_IsWhereItComesFrom() => Assert.All(Samples.FromPeer, message =>
    {
        var (round, attempt) = PeerContents.PlaceOf(message);
        bool ofRound = message is not PeerMessage.Confirm;
        bool ofAttempt = message is PeerMessage.DigestShare or PeerMessage.HoldingsShare;
        Assert.Equal((ofRound ? new Round(42) : (Round?)null, ofAttempt ? new Attempt(2) : default), (round, attempt));
    });

    /// <summary>A leader that holds the masks of as many parties as there may be can say so in one envelope, sealed and framed.</summary>
    [Fact]
    public void HoldingsShare_OfEveryParty_FitsALinksEnvelope()
    {
        var share = new PeerMessage.HoldingsShare(new Round(42), new Attempt(2), Samples.Hash("b0"), [.. Enumerable.Range(0, WireLimits.MaxParties).Select(Samples.Node)]);

        Assert.InRange(PeerContents.ToBytes(share).Length, 0, WireLimits.MaxLinkEnvelopeBytes - 1024);
    }

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
        var sampled = Samples.FromServer.Cast<object>().Concat(Samples.FromNode).Concat(Samples.FromPeer).Append(Samples.Beat).Append(Samples.BeatAnswered).Where(family.IsInstanceOfType).Select(m => m.GetType().Name);
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
