using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>The peer's client against our server over TLS. The cases are in the peer's own language: Python/tls_client.py, Node/tls_client.js.</summary>
public abstract class PeerTlsClientTests<TPeer>(PeerTlsClient<TPeer> client) : IClassFixture<PeerTlsClient<TPeer>>
    where TPeer : Peer, new()
{
    [PeerFact]
    public void Tls_CallsOfEveryShape_ComeBack() => client.Outcomes.AssertHeld("calls");

    [PeerFact]
    public void Tls_AnotherAuthority_IsUnavailable() => client.Outcomes.AssertHeld("another_authority");

    [PeerFact]
    public void MutualTls_ACertificate_TellsWhoCalls() => client.Outcomes.AssertHeld("identity");

    [PeerFact]
    public void MutualTls_NoCertificate_IsUnavailable() => client.Outcomes.AssertHeld("no_certificate");

    [PeerFact]
    public void MutualTls_AStrangersCertificate_IsUnavailable() => client.Outcomes.AssertHeld("stranger");
}
