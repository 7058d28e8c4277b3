using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>The peer's client against our server. The cases are in the peer's own language: Python/client.py, Node/client.js.</summary>
public abstract class PeerClientTests<TPeer>(PeerClient<TPeer> client) : IClassFixture<PeerClient<TPeer>>
    where TPeer : Peer, new()
{
    [PeerFact]
    public void Unary_Message_ComesBack() => client.AssertHeld("unary");

    [PeerFact]
    public void Unary_ThreeMebibytes_ComeBack() => client.AssertHeld("large_message");

    [PeerFact]
    public void Unary_OverTheLimit_IsResourceExhausted() => client.AssertHeld("too_large");

    [PeerFact]
    public void ClientStreaming_Messages_AreSummed() => client.AssertHeld("client_streaming");

    [PeerFact]
    public void ClientStreaming_RefusedEarly_EndsWithTheStatus() => client.AssertHeld("early_end");

    [PeerFact]
    public void ServerStreaming_Messages_ArriveInOrder() => client.AssertHeld("server_streaming");

    [PeerFact]
    public void Duplex_PingPong_Works() => client.AssertHeld("duplex");

    [PeerFact]
    public void Streams_Empty_EndWithOk() => client.AssertHeld("empty_streams");

    [PeerFact]
    public void Stream_SixtyFourMebibytes_ArriveBothWays() => client.AssertHeld("stream_64_mib");

    [PeerFact]
    public void Status_EveryCode_ArrivesWithItsText() => client.AssertHeld("statuses");

    [PeerFact]
    public void Status_CancelledByTheServer_FollowsTheResponses() => client.AssertHeld("cancelled_by_server");

    [PeerFact]
    public void Metadata_BothWays_Arrives() => client.AssertHeld("metadata");

    [PeerFact]
    public void BinaryMetadata_BothWays_Arrives() => client.AssertHeld("binary_metadata");

    [PeerFact]
    public void Trailers_OfAFailure_Arrive() => client.AssertHeld("trailers");

    [PeerFact]
    public void ErrorDetails_OfAFailure_Arrive() => client.AssertHeld("error_details");

    [PeerFact]
    public void Deadline_Passes_EndsBothSides() => client.AssertHeld("deadline");

    [PeerFact]
    public void Cancellation_ByTheClient_ReachesTheServer() => client.AssertHeld("cancellation");

    [PeerFact]
    public void Method_Unknown_IsUnimplemented() => client.AssertHeld("unimplemented");

    [PeerFact]
    public void Gzip_BothWays_ComesBack()
    {
        client.AssertHeld("gzip");
        Assert.Contains("gzip", client.RequestEncodings.Keys);
    }

    [PeerFact]
    public void Calls_AThousandAtOnce_AllReturn() => client.AssertHeld("thousand_calls");
}
