using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>The peer's client against our server. The cases are in the peer's own language: Python/client.py, Node/client.js.</summary>
public abstract class PeerClientTests<TPeer>(PeerClient<TPeer> client) : IClassFixture<PeerClient<TPeer>>
    where TPeer : Peer, new()
{
    [PeerFact]
    public void Unary_Message_ComesBack() => client.Outcomes.AssertHeld("unary");

    [PeerFact]
    public void Unary_ThreeMebibytes_ComeBack() => client.Outcomes.AssertHeld("large_message");

    [PeerFact]
    public void Unary_OverTheLimit_IsResourceExhausted() => client.Outcomes.AssertHeld("too_large");

    [PeerFact]
    public void ClientStreaming_Messages_AreSummed() => client.Outcomes.AssertHeld("client_streaming");

    [PeerFact]
    public void ClientStreaming_RefusedEarly_EndsWithTheStatus() => client.Outcomes.AssertHeld("early_end");

    [PeerFact]
    public void ServerStreaming_Messages_ArriveInOrder() => client.Outcomes.AssertHeld("server_streaming");

    [PeerFact]
    public void Duplex_PingPong_Works() => client.Outcomes.AssertHeld("duplex");

    [PeerFact]
    public void Streams_Empty_EndWithOk() => client.Outcomes.AssertHeld("empty_streams");

    [PeerFact]
    public void Stream_SixtyFourMebibytes_ArriveBothWays() => client.Outcomes.AssertHeld("stream_64_mib");

    [PeerFact]
    public void Status_EveryCode_ArrivesWithItsText() => client.Outcomes.AssertHeld("statuses");

    [PeerFact]
    public void Status_CancelledByTheServer_FollowsTheResponses() => client.Outcomes.AssertHeld("cancelled_by_server");

    [PeerFact]
    public void Metadata_BothWays_Arrives() => client.Outcomes.AssertHeld("metadata");

    [PeerFact]
    public void BinaryMetadata_BothWays_Arrives() => client.Outcomes.AssertHeld("binary_metadata");

    [PeerFact]
    public void Trailers_OfAFailure_Arrive() => client.Outcomes.AssertHeld("trailers");

    [PeerFact]
    public void ErrorDetails_OfAFailure_Arrive() => client.Outcomes.AssertHeld("error_details");

    [PeerFact]
    public void Deadline_Passes_EndsBothSides() => client.Outcomes.AssertHeld("deadline");

    [PeerFact]
    public void Cancellation_ByTheClient_ReachesTheServer() => client.Outcomes.AssertHeld("cancellation");

    [PeerFact]
    public void Method_Unknown_IsUnimplemented() => client.Outcomes.AssertHeld("unimplemented");

    [PeerFact]
    public void Gzip_BothWays_ComesBack()
    {
        client.Outcomes.AssertHeld("gzip");
        Assert.Contains(("gzip", "gzip"), client.Encodings.Keys);
    }

    [PeerFact]
    public void Calls_AThousandAtOnce_AllReturn() => client.Outcomes.AssertHeld("thousand_calls");
}
