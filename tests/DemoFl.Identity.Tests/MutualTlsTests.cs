using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity.Tests;

/// <summary>The certificates in the use they are made for: TLS with a certificate on each side, over loopback.</summary>
public sealed class MutualTlsTests : IDisposable
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;
    private readonly IdentityKey _alice = IdentityKey.Create();
    private readonly X509Certificate2 _authority;
    private readonly X509Certificate2 _otherAuthority;
    private readonly X509Certificate2 _server;
    private readonly X509Certificate2 _client;

    public MutualTlsTests()
    {
        _authority = FederationAuthority.CreateAuthority("Federation", 2 * Day, _now);
        _otherAuthority = FederationAuthority.CreateAuthority("Federation", 2 * Day, _now);
        _server = FederationAuthority.IssueServer(_authority, ["127.0.0.1"], Day, _now);
        using X509Certificate2 issued = FederationAuthority.IssueNode(_authority, "alice", _alice.PublicKey, Day, _now);
        _client = _alice.Bind(issued);
    }

    [Fact]
    public async Task Handshake_CertificatesOfOneFederation_Succeeds() =>
        await ShakeHands(new FederationTrust(_authority), new FederationTrust(_authority));

    [Fact]
    public async Task Handshake_ServerOfAnotherFederation_IsRefusedByTheClient() =>
        await Assert.ThrowsAsync<AuthenticationException>(
            () => ShakeHands(trustOfServer: new FederationTrust(_authority), trustOfClient: new FederationTrust(_otherAuthority)));

    [Fact]
    public async Task Handshake_NodeOfAnotherFederation_IsRefusedByTheServer() =>
        await Assert.ThrowsAsync<AuthenticationException>(
            () => ShakeHands(trustOfServer: new FederationTrust(_otherAuthority), trustOfClient: new FederationTrust(_authority)));

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
        _otherAuthority.Dispose();
        _authority.Dispose();
        _alice.Dispose();
    }

    private async Task ShakeHands(FederationTrust trustOfServer, FederationTrust trustOfClient)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var listener = new TcpListener(IPAddress.Loopback, port: 0);
        listener.Start();
        using var outgoing = new TcpClient();
        await outgoing.ConnectAsync((IPEndPoint)listener.LocalEndpoint, deadline.Token);
        using TcpClient incoming = await listener.AcceptTcpClientAsync(deadline.Token);
        await using var serverSide = new SslStream(incoming.GetStream());
        await using var clientSide = new SslStream(outgoing.GetStream());

        // With TLS 1.3 a client is done before the server has judged it; the first refusal, on either side, is what counts.
        Task accepting = serverSide.AuthenticateAsServerAsync(ServerOptions(trustOfServer), deadline.Token);
        Task connecting = clientSide.AuthenticateAsClientAsync(ClientOptions(trustOfClient), deadline.Token);
        await await Task.WhenAny(accepting, connecting);
        await Task.WhenAll(accepting, connecting);
    }

    private SslServerAuthenticationOptions ServerOptions(FederationTrust trust) => new()
    {
        ServerCertificate = _server,
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            trust.Judge(new IdentityClaim("alice", _alice.PublicKey, certificate!.GetRawCertData()), _now) is TrustDecision.Trusted,
    };

    private SslClientAuthenticationOptions ClientOptions(FederationTrust trust) => new()
    {
        TargetHost = "127.0.0.1",
        ClientCertificates = [_client],
        RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            trust.JudgeServer((X509Certificate2)certificate!, "127.0.0.1", _now) is TrustDecision.Trusted,
    };
}
