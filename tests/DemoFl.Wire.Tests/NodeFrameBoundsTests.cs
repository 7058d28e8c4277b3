using DemoFl.Protocol;
using Google.Protobuf;

namespace DemoFl.Wire.Tests;

/// <summary>What a node may not send, to the coordinator or inside a seal: each refusal names the field.</summary>
public class NodeFrameBoundsTests
{
    private static readonly ByteString Short = ByteString.CopyFrom(new byte[31]);
    private static readonly string LongText = new('x', WireLimits.MaxText + 1);

    public static TheoryData<string, V1.NodeFrame> Frames
    {
        get
        {
            var data = new TheoryData<string, V1.NodeFrame>();
            void Add<T>(string name, Action<V1.NodeFrame> alter)
                where T : NodeMessage
            {
                var frame = Samples.NodeFrame<T>();
                alter(frame);
                data.Add(name, frame);
            }

            Add<NodeMessage.OfferMade>("key_offer.run", f => f.OfferMade.Run = Short);
            Add<NodeMessage.OfferMade>("key_offer.incarnation", f => f.OfferMade.Incarnation = Short);
            Add<NodeMessage.OfferMade>("credentials", f => f.OfferMade.Signer = null);
            Add<NodeMessage.VectorDelivered>("vector_delivered.nonce_hash", f => f.VectorDelivered.NonceHash = Short);
            Add<NodeMessage.Declined>("declined.reason", f => f.Declined.Reason = LongText);
            Add<NodeMessage.LeaderRefused>("leader_refused.reason", f => f.LeaderRefused.Reason = LongText);
            Add<NodeMessage.HoldingsReported>("holdings", f => f.HoldingsReported.Holdings[0] = Short);
            Add<NodeMessage.HoldingsReported>("holdings", f => f.HoldingsReported.Holdings.Add(Enumerable.Repeat(f.HoldingsReported.Holdings[0], WireLimits.MaxParties)));
            Add<NodeMessage.HoldingsReported>("attempt", f => f.HoldingsReported.Attempt = uint.MaxValue);
            Add<NodeMessage.DigestsReported>("digests", f => f.DigestsReported.Digests.Add(Enumerable.Repeat(f.DigestsReported.Digests[0], WireLimits.MaxSlots)));
            Add<NodeMessage.DigestsReported>("signed_digest.digest", f => f.DigestsReported.Digests[0].Digest = null);
            Add<NodeMessage.DigestsReported>("signed_digest.slot", f => f.DigestsReported.Digests[0].Slot = 15);
            Add<NodeMessage.DigestsReported>("digest.run", f => f.DigestsReported.Digests[0].Digest.Run = Short);
            Add<NodeMessage.DigestsReported>("digest.spec", f => f.DigestsReported.Digests[0].Digest.Spec = Short);
            Add<NodeMessage.DigestsReported>("digest.leaders", f => f.DigestsReported.Digests[0].Digest.Leaders = Short);
            Add<NodeMessage.DigestsReported>("digest.intersection", f => f.DigestsReported.Digests[0].Digest.Intersection = Short);
            Add<NodeMessage.DigestsReported>("digest.attempt", f => f.DigestsReported.Digests[0].Digest.Attempt = uint.MaxValue);
            Add<NodeMessage.DigestsReported>(
                "signed_digest.signature", f => f.DigestsReported.Digests[0].Signature = ByteString.CopyFrom(new byte[WireLimits.MaxCredentialBytes + 1]));
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void FromWire_FieldOutOfBounds_IsRefusedByName(string field, V1.NodeFrame frame) =>
        Assert.Contains(field, Assert.Throws<WireFormatException>(() => NodeFrames.FromWire(frame)).Message, StringComparison.Ordinal);

    [Fact]
    public void FromWire_FrameOfTheJoin_HasNoPlaceHere()
    {
        foreach (var frame in (V1.NodeFrame[])[new() { Join = new V1.JoinRequest() }, new() { Proof = new V1.JoinProof() }, new()])
        {
            Assert.Contains("no place", Assert.Throws<WireFormatException>(() => NodeFrames.FromWire(frame)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void FromContent_EveryOtherKindThanSealed_IsRefused()
    {
        foreach (var message in Samples.FromPeer)
        {
            var content = PeerContents.Parse(PeerContents.ToBytes(message));
            foreach (var kind in Enum.GetValues<SealedKind>().Where(k => k != PeerContents.KindOf(message)))
            {
                var refusal = Assert.Throws<WireFormatException>(() => PeerContents.FromContent(content, kind, new Round(42)));
                Assert.Contains($"{kind}", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void FromContent_NothingInside_IsRefused() =>
        Assert.Throws<WireFormatException>(() => PeerContents.FromContent(new V1.PeerContent(), SealedKind.Confirm, new Round(1)));

    [Fact]
    public void FromContent_NonceOfAnotherLength_IsRefusedByName()
    {
        var content = new V1.PeerContent { Announcement = new V1.Announcement { Nonce = Short } };
        var refusal = Assert.Throws<WireFormatException>(() => PeerContents.FromContent(content, SealedKind.Announcement, new Round(1)));
        Assert.Contains("announcement.nonce", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_NotAMessage_IsRefused() => Assert.Throws<WireFormatException>(() => PeerContents.Parse([0xFF, 0xFF, 0xFF]));
}
