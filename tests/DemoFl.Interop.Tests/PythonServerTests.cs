using System.Net.Http.Headers;
using DemoFl.Interop.Tests.Peers;
using DemoFl.Interop.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against Python's server.</summary>
public sealed class PythonServerTests(PeerServer<PythonPeer> server) : PeerServerTests<PythonPeer>(server)
{
    private readonly PeerServer<PythonPeer> _server = server;

    [PeerFact]
    public async Task Gzip_BothWays_IsUnderstood()
    {
        var encodings = new EncodingsSeen { InnerHandler = new SocketsHttpHandler() };
        using var channel = GrpcChannel.ForAddress(
            _server.Address, new GrpcChannelOptions { HttpHandler = encodings, DisposeHttpClient = true });
        var letter = new Letter { Text = "gzip", Body = ByteString.CopyFrom(new byte[100_000]) };

        Assert.Equal(letter, await new Protos.Interop.InteropClient(channel).SayAsync(letter, Patient.WithHeaders(AskForGzip)));
        Assert.Equal(("gzip", "gzip"), (encodings.OfRequest, encodings.OfResponse));
    }

    [PeerFact]
    public async Task KeepAlive_PingsTooOften_EndTheCallAsExhaustedOrUnavailable()
    {
        // The C core forgives pings up to this many strikes, and then sends GOAWAY with ENHANCE_YOUR_CALM and "too_many_pings".
        var strict = new PeerServer<PythonPeer>();
        await strict.StartAsync("grpc.http2.max_ping_strikes=1");
        try
        {
            using var eager = new SocketsHttpHandler
            {
                KeepAlivePingDelay = TimeSpan.FromSeconds(1),
                KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always,
            };
            using var channel = GrpcChannel.ForAddress(strict.Address, new GrpcChannelOptions { HttpHandler = eager });
            using var call = new Protos.Interop.InteropClient(channel).Wait(new Letter(), Patient);
            Assert.True(await call.ResponseStream.MoveNext());

            var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

            Assert.True(refusal.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable, refusal.ToString());
        }
        finally
        {
            await strict.DisposeAsync();
        }
    }

    private sealed class EncodingsSeen : DelegatingHandler
    {
        public string? OfRequest { get; private set; }

        public string? OfResponse { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            OfRequest = EncodingIn(request.Headers);
            var response = await base.SendAsync(request, cancellationToken);
            OfResponse = EncodingIn(response.Headers);
            return response;
        }

        private static string? EncodingIn(HttpHeaders headers) =>
            headers.TryGetValues("grpc-encoding", out var values) ? string.Join(',', values) : null;
    }
}
