using DemoFl.Protocol;
using Google.Protobuf;

namespace DemoFl.Wire.Tests;

/// <summary>What a node may not send, to the coordinator or inside a seal: each refusal names the field.</summary>
public class NodeFrameBoundsTests
{
    private static readonly ByteString Short = ByteString.CopyFrom(new byte[31]);
    private static readonly ByteString Large = ByteString.CopyFrom(new byte[WireLimits.MaxCredentialBytes + 1]);
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
                "signed_digest.signature", f => f.DigestsReported.Digests[0].Signature = Large);
            Add<NodeMessage.ReplacementAgreed>("signed_replacement", f => f.ReplacementAgreed.Replacement = null);
            Add<NodeMessage.ReplacementAgreed>("signed_replacement.replacement", f => f.ReplacementAgreed.Replacement.Replacement = null);
            Add<NodeMessage.ReplacementAgreed>("signed_replacement.signer", f => f.ReplacementAgreed.Replacement.Signer = 15);
            Add<NodeMessage.ReplacementAgreed>("signed_replacement.signature", f => f.ReplacementAgreed.Replacement.Signature = Large);
            Add<NodeMessage.ReplacementAgreed>("replacement.run", f => f.ReplacementAgreed.Replacement.Replacement.Run = Short);
            Add<NodeMessage.ReplacementAgreed>("replacement.slot", f => f.ReplacementAgreed.Replacement.Replacement.Slot = 15);
            Add<NodeMessage.ReplacementAgreed>("replacement.holder", f => f.ReplacementAgreed.Replacement.Replacement.Holder = Short);
            Add<NodeMessage.ReplacementAgreed>("replacement.incarnation", f => f.ReplacementAgreed.Replacement.Replacement.Incarnation = Short);
            Add<NodeMessage.ReplacementAgreed>("replacement.offer", f => f.ReplacementAgreed.Replacement.Replacement.Offer = Short);
            Add<NodeMessage.ReplacementAgreed>("replacement.leaders", f => f.ReplacementAgreed.Replacement.Replacement.Leaders = Short);
            Add<NodeMessage.HolderSilent>("holder_silent.slot", f => f.HolderSilent.Slot = uint.MaxValue);
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
                var refusal = Assert.Throws<WireFormatException>(() => PeerContents.FromContent(content, Samples.Sealed(kind)));
                Assert.Contains($"{kind}", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void FromContent_NothingInside_IsRefused() =>
        Assert.Throws<WireFormatException>(() => PeerContents.FromContent(new V1.PeerContent(), Samples.Sealed(SealedKind.Confirm)));

    public static TheoryData<string, SealedKind, V1.PeerContent> Contents => new()
    {
        { "announcement.nonce", SealedKind.Announcement, new V1.PeerContent { Announcement = new V1.Announcement { Nonce = Short } } },
        { "affirmation.leaders", SealedKind.Affirmation, new V1.PeerContent { Affirmation = new V1.Affirmation { Leaders = Short } } },
        { "holdings_share.uploaded", SealedKind.Holdings, new V1.PeerContent { HoldingsShare = new V1.HoldingsShare { Uploaded = Short } } },
        { "holdings_share.holdings", SealedKind.Holdings, Shared(Short) },
        { "holdings_share.holdings", SealedKind.Holdings, Shared([.. Enumerable.Repeat(Field.Of(Samples.Node(1)), WireLimits.MaxParties + 1)]) },
    };

    [Theory]
    [MemberData(nameof(Contents))]
    public void FromContent_FieldOutOfBounds_IsRefusedByName(string field, SealedKind kind, V1.PeerContent content) => Assert.Contains(
        field, Assert.Throws<WireFormatException>(() => PeerContents.FromContent(content, Samples.Sealed(kind))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("seed.nonce", 31, 32)]
    [InlineData("seed.seed", 32, 31)]
    [InlineData("seed.seed", 32, 33)]
    public void SeedContents_FieldOutOfBounds_IsRefusedByName(string field, int nonceBytes, int seedBytes)
    {
        var content = new V1.PeerContent
        {
            Seed = new V1.Seed { Nonce = ByteString.CopyFrom(new byte[nonceBytes]), Seed_ = ByteString.CopyFrom(new byte[seedBytes]) },
        };
        Assert.Contains(field, Assert.Throws<WireFormatException>(() => SeedContents.FromContent(content)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void SeedContents_AnotherContent_IsRefused() =>
        Assert.Throws<WireFormatException>(() => SeedContents.FromContent(new V1.PeerContent { Confirm = new V1.Confirm() }));

    /// <summary>No machine may see a seed: there is no message for it.</summary>
    [Fact]
    public void FromContent_Seed_IsRefused()
    {
        var content = PeerContents.Parse(SeedContents.ToBytes(new Nonce(Samples.Hash("nonce")), Samples.Hash("seed").ToArray()));
        var refusal = Assert.Throws<WireFormatException>(() => PeerContents.FromContent(content, Samples.Sealed(SealedKind.Seed)));
        Assert.DoesNotContain(Convert.ToHexString(Samples.Hash("seed").ToArray()), refusal.Message, StringComparison.OrdinalIgnoreCase);
    }

    private static V1.PeerContent Shared(params ByteString[] holdings) =>
        new() { HoldingsShare = new V1.HoldingsShare { Uploaded = Field.Of(Samples.Hash("b0")), Holdings = { holdings } } };

    [Fact]
    public void Parse_NotAMessage_IsRefused() => Assert.Throws<WireFormatException>(() => PeerContents.Parse(new byte[] { 0xFF, 0xFF, 0xFF }));
}
