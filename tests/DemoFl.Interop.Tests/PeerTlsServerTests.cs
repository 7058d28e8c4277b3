using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Interop.Tests.Peers;
using DemoFl.Interop.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against the peer's server over TLS.</summary>
public abstract class PeerTlsServerTests<TPeer>(PeerTlsServer<TPeer> server) : IClassFixture<PeerTlsServer<TPeer>>
    where TPeer : Peer, new()
{
    private static CallOptions Patient => new(deadline: DateTime.UtcNow.AddSeconds(30));

    [PeerFact]
    public async Task Tls_CallsOfEveryShape_ComeBack()
    {
        using var channel = Open(server.Tls, trusted: true, certificate: null);
        var client = new Protos.Interop.InteropClient(channel);
        var letter = new Letter { Text = "größer", Body = ByteString.CopyFrom(new byte[3 << 20]) };

        Assert.Equal(letter, await client.SayAsync(letter, Patient));
        using var chat = client.Chat(Patient);
        for (var i = 0; i < 20; i++)
        {
            await chat.RequestStream.WriteAsync(new Letter { Count = i });
            Assert.True(await chat.ResponseStream.MoveNext());
            Assert.Equal(i, chat.ResponseStream.Current.Count);
        }

        await chat.RequestStream.CompleteAsync();
        Assert.False(await chat.ResponseStream.MoveNext());
    }

    [PeerFact]
    public Task Tls_AnotherAuthority_IsUnavailable() => ExpectUnavailableAsync(server.Tls, trusted: false, certificate: null);

    [PeerFact]
    public async Task MutualTls_ACertificate_TellsWhoCalls()
    {
        using var channel = Open(server.MutualTls, trusted: true, server.Authority.Client);

        var reply = await new Protos.Interop.InteropClient(channel).SayAsync(new Letter { Text = InteropService.WhoAmI }, Patient);

        Assert.Equal("alice.test", reply.Text);
    }

    [PeerFact]
    public Task MutualTls_NoCertificate_IsUnavailable() => ExpectUnavailableAsync(server.MutualTls, trusted: true, certificate: null);

    [PeerFact]
    public Task MutualTls_AStrangersCertificate_IsUnavailable() =>
        ExpectUnavailableAsync(server.MutualTls, trusted: true, server.Authority.Stranger);

    private async Task ExpectUnavailableAsync(int port, bool trusted, X509Certificate2? certificate)
    {
        using var channel = Open(port, trusted, certificate);

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => new Protos.Interop.InteropClient(channel).SayAsync(new Letter(), Patient).ResponseAsync);

        Assert.True(refusal.StatusCode == StatusCode.Unavailable, refusal.ToString());
    }

    private GrpcChannel Open(int port, bool trusted, X509Certificate2? certificate)
    {
        var handler = new SocketsHttpHandler();
        if (trusted) handler.SslOptions.CertificateChainPolicy = server.Authority.CreatePolicy();
        if (certificate is not null)
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        return GrpcChannel.ForAddress($"https://127.0.0.1:{port}", new GrpcChannelOptions { HttpHandler = handler, DisposeHttpClient = true });
    }
}
