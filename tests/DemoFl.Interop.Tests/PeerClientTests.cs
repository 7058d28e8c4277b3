using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>The peer's client against our server. The cases are in the peer's own language: Python/client.py, Node/client.js.</summary>
public abstract class PeerClientTests<TPeer>(PeerClient<TPeer> client) : IClassFixture<PeerClient<TPeer>>
    where TPeer : Peer, new()
{
    /// <summary>What the peer's client found.</summary>
    protected PeerClient<TPeer> Client { get; } = client;

    [PeerFact]
    public void Unary_Message_ComesBack() => Client.AssertHeld("unary");

    [PeerFact]
    public void Unary_ThreeMebibytes_ComeBack() => Client.AssertHeld("large_message");

    [PeerFact]
    public void Unary_OverTheLimit_IsResourceExhausted() => Client.AssertHeld("too_large");

    [PeerFact]
    public void ClientStreaming_Messages_AreSummed() => Client.AssertHeld("client_streaming");

    [PeerFact]
    public void ClientStreaming_RefusedEarly_EndsWithTheStatus() => Client.AssertHeld("early_end");

    [PeerFact]
    public void ServerStreaming_Messages_ArriveInOrder() => Client.AssertHeld("server_streaming");

    [PeerFact]
    public void Duplex_PingPong_Works() => Client.AssertHeld("duplex");

    [PeerFact]
    public void Streams_Empty_EndWithOk() => Client.AssertHeld("empty_streams");

    [PeerFact]
    public void Stream_SixtyFourMebibytes_ArriveBothWays() => Client.AssertHeld("stream_64_mib");

    [PeerFact]
    public void Status_EveryCode_ArrivesWithItsText() => Client.AssertHeld("statuses");

    [PeerFact]
    public void Status_CancelledByTheServer_FollowsTheResponses() => Client.AssertHeld("cancelled_by_server");

    [PeerFact]
    public void Metadata_BothWays_Arrives() => Client.AssertHeld("metadata");

    [PeerFact]
    public void BinaryMetadata_BothWays_Arrives() => Client.AssertHeld("binary_metadata");

    [PeerFact]
    public void Trailers_OfAFailure_Arrive() => Client.AssertHeld("trailers");

    [PeerFact]
    public void Deadline_Passes_EndsBothSides() => Client.AssertHeld("deadline");

    [PeerFact]
    public void Cancellation_ByTheClient_ReachesTheServer() => Client.AssertHeld("cancellation");

    [PeerFact]
    public void Method_Unknown_IsUnimplemented() => Client.AssertHeld("unimplemented");

    [PeerFact]
    public void Gzip_BothWays_ComesBack()
    {
        Client.AssertHeld("gzip");
        Assert.Contains("gzip", Client.RequestEncodings.Keys);
    }

    [PeerFact]
    public void Calls_AThousandAtOnce_AllReturn() => Client.AssertHeld("thousand_calls");
}
