using DemoFl.Protocol;
using Google.Protobuf;

namespace DemoFl.Wire.Tests;

/// <summary>The messages of which the coordinator signs something are refused when anything in them or in the signature was changed.</summary>
public class SignatureTests
{
    public static TheoryData<string, Func<V1.ServerFrame>, Action<V1.ServerFrame, ByteString>, string> Signed => new()
    {
        { "leader set", Samples.Frame<ServerMessage.LeadersAnnounced>, (f, s) => f.LeadersAnnounced.Leaders.Signature = s, LeaderSet.Domain },
        { "leader set", Samples.Frame<ServerMessage.SlotOffered>, (f, s) => f.SlotOffered.Leaders.Signature = s, LeaderSet.Domain },
        { "leader set", Samples.Frame<ServerMessage.ReplacementAsked>, (f, s) => f.ReplacementAsked.Leaders.Signature = s, LeaderSet.Domain },
        { "leader set", Samples.Frame<ServerMessage.Replaced>, (f, s) => f.Replaced.Leaders.Signature = s, LeaderSet.Domain },
        { "round specification", Samples.Frame<ServerMessage.RoundOpened>, (f, s) => f.RoundOpened.Signature = s, RoundSpec.Domain },
        { "set of uploaded vectors", Samples.Frame<ServerMessage.HoldingsAsked>, (f, s) => f.HoldingsAsked.Signature = s, PartySet.UploadDomain },
    };

    [Theory]
    [MemberData(nameof(Signed))]
    public void FromWire_AnotherSignature_IsRefusedByName(string name, Func<V1.ServerFrame> make, Action<V1.ServerFrame, ByteString> sign, string domain)
    {
        foreach (byte[] signature in (byte[][])[[], [1, 2, 3], Samples.Sign(domain, [])])
        {
            var frame = make();
            sign(frame, ByteString.CopyFrom(signature));
            Assert.Contains($"The {name} is not signed", Refusal(frame), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Signed))]
    public void FromWire_SignatureAskedFor_IsOverTheKindsOwnDomain(string name, Func<V1.ServerFrame> make, Action<V1.ServerFrame, ByteString> sign, string domain)
    {
        var frame = make();
        sign(frame, ByteString.CopyFrom(1));
        string? asked = null;
        ServerFrames.FromWire(frame, Samples.Run, (d, _, _) => (asked = d) is not null);
        Assert.True(asked == domain, $"the {name} is verified under {asked}");
    }

    public static TheoryData<string, Func<V1.ServerFrame>, Action<V1.ServerFrame>> Altered => new()
    {
        { "term", Samples.Frame<ServerMessage.LeadersAnnounced>, f => f.LeadersAnnounced.Leaders.Term++ },
        { "holder", Samples.Frame<ServerMessage.LeadersAnnounced>, f => f.LeadersAnnounced.Leaders.Seats[0].Holder = Field.Of(Samples.Node(9)) },
        { "since", Samples.Frame<ServerMessage.LeadersAnnounced>, f => f.LeadersAnnounced.Leaders.Seats[1].SinceTerm-- },
        { "offered term", Samples.Frame<ServerMessage.SlotOffered>, f => f.SlotOffered.Leaders.Term++ },
        { "asked holder", Samples.Frame<ServerMessage.ReplacementAsked>, f => f.ReplacementAsked.Leaders.Seats[0].Holder = Field.Of(Samples.Node(9)) },
        { "replaced since", Samples.Frame<ServerMessage.Replaced>, f => f.Replaced.Leaders.Seats[1].SinceTerm-- },
        { "round", Samples.Frame<ServerMessage.RoundOpened>, f => f.RoundOpened.Round++ },
        { "epochs", Samples.Frame<ServerMessage.RoundOpened>, f => f.RoundOpened.Training.Epochs = 0 },
        { "clip", Samples.Frame<ServerMessage.RoundOpened>, f => f.RoundOpened.Encoding.Clip *= 2 },
        { "layout", Samples.Frame<ServerMessage.RoundOpened>, f => f.RoundOpened.Layout = V1.Layout.Plain },
        { "participants", Samples.Frame<ServerMessage.RoundOpened>, f => f.RoundOpened.Participants.RemoveAt(0) },
        { "k_min", Samples.Frame<ServerMessage.RoundOpened>, f => f.RoundOpened.KMin-- },
        { "asked round", Samples.Frame<ServerMessage.HoldingsAsked>, f => f.HoldingsAsked.Round++ },
        { "attempt", Samples.Frame<ServerMessage.HoldingsAsked>, f => f.HoldingsAsked.Attempt++ },
        { "uploaded", Samples.Frame<ServerMessage.HoldingsAsked>, f => f.HoldingsAsked.Uploaded.RemoveAt(0) },
        { "nonce", Samples.Frame<ServerMessage.HoldingsAsked>, f => f.HoldingsAsked.Uploaded[0].NonceHash = Field.Of(Samples.Hash("other")) },
    };

    [Theory]
    [MemberData(nameof(Altered))]
    public void FromWire_SignedFieldAltered_IsRefused(string field, Func<V1.ServerFrame> make, Action<V1.ServerFrame> alter)
    {
        var frame = make();
        alter(frame);
        Assert.True(Refusal(frame).Contains("is not signed", StringComparison.Ordinal), $"{field} was altered and the frame accepted");
    }

    [Fact]
    public void FromWire_UploadedSetOfAnotherRun_IsRefused() => Assert.Throws<WireFormatException>(
        () => ServerFrames.FromWire(Samples.Frame<ServerMessage.HoldingsAsked>(), new RunId(9), Samples.Verify));

    private static string Refusal(V1.ServerFrame frame) =>
        Assert.Throws<WireFormatException>(() => ServerFrames.FromWire(frame, Samples.Run, Samples.Verify)).Message;
}
