using System.Net;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Server;

/// <summary>Requests that no well-behaved client makes get a clear status, and the server lives on.</summary>
public sealed class MalformedRequestTests : IAsyncLifetime
{
    private const string Say = "/demofl.rpc.tests.Echo/Say";

    private readonly byte[] _payload = new EchoMessage { Text = "x" }.ToByteArray();
    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls: false);

    public async Task DisposeAsync()
    {
        Assert.Equal("alive", (await _host.Client.SayAsync(new EchoMessage { Text = "alive" })).Text);
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task ContentType_NotGrpc_Is415()
    {
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Content!.Headers.ContentType!.MediaType = "application/json";

        using var response = await _host.SendAsync(request);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task ContentType_WithCodecOrParameter_IsAccepted(string contentType)
    {
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Content!.Headers.Remove("content-type");
        request.Content.Headers.TryAddWithoutValidation("content-type", contentType);

        Assert.Equal("0", (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Http1_ToAGrpcMethod_Is426()
    {
        using var request = RawRequests.Unary(_host.Http1Address, Say, _payload);
        request.Version = HttpVersion.Version11;

        using var response = await _host.SendAsync(request);

        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
    }

    [Fact]
    public async Task PlainHttp_BesideGrpc_IsLeftAlone()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Http1Address, "/plain/missing"));

        using var response = await _host.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Encoding_Unknown_IsUnimplementedAndNamesTheKnown()
    {
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Headers.Add("grpc-encoding", "zstd");

        using var response = await _host.SendAsync(request);

        Assert.Equal("12", Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Equal("identity,gzip", Assert.Single(response.Headers.GetValues("grpc-accept-encoding")));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-1S")]
    [InlineData("999999999S")]
    [InlineData("1x")]
    [InlineData("S")]
    [InlineData("1.5S")]
    [InlineData("+1S")]
    [InlineData("junk")]
    public async Task Timeout_Malformed_IsInternal(string timeout)
    {
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);

        Assert.Equal("13", (await SendAsync(request)).Status);
    }

    [Theory]
    [InlineData("0S")]
    [InlineData("1n")]
    public async Task Timeout_OfNothing_EndsTheCallAtOnce(string timeout)
    {
        _host.Echo.OnSay = async (message, context) =>
        {
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
            return message;
        };
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Headers.TryAddWithoutValidation("grpc-timeout", timeout);

        Assert.Equal("4", (await SendAsync(request)).Status);
        _host.Echo.OnSay = (message, _) => Task.FromResult(message);
    }

    [Fact]
    public async Task Timeout_BeyondTheCalendar_IsNone()
    {
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Headers.TryAddWithoutValidation("grpc-timeout", "99999999H");

        Assert.Equal("0", (await SendAsync(request)).Status);
    }

    [Theory]
    [InlineData(1, 3, "13")] // compressed without an encoding
    [InlineData(2, 3, "13")] // no such flag
    [InlineData(0, 4, "13")] // longer than the body
    [InlineData(0, 2, "13")] // shorter than the body
    [InlineData(0, 2_000_000_000, "8")] // refused before it is allocated
    [InlineData(0, -1, "8")] // 4 GiB less one
    public async Task Frame_Malformed_IsRefused(byte flag, int length, string status)
    {
        Assert.Equal(3, _payload.Length);
        using var request = RawRequests.Body(_host.Address, Say, RawRequests.Frame(flag, length, _payload));

        Assert.Equal(status, (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Frame_CutOffInItsPrefix_IsRefused()
    {
        using var request = RawRequests.Body(_host.Address, Say, [0, 0, 0]);

        Assert.Equal("13", (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Frame_TwoOfAUnaryCall_IsRefused()
    {
        var frame = RawRequests.Frame(0, _payload.Length, _payload);
        using var request = RawRequests.Body(_host.Address, Say, [.. frame, .. frame]);

        Assert.Equal("13", (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Body_Empty_IsRefused()
    {
        using var request = RawRequests.Body(_host.Address, Say, []);

        Assert.Equal("13", (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task Payload_NoProtobuf_IsRefusedWithoutDetails()
    {
        using var request = RawRequests.Unary(_host.Address, Say, [0xff, 0xff, 0xff]);

        Assert.Equal("13", (await SendAsync(request)).Status);
    }

    [Fact]
    public async Task BinaryHeader_NoBase64_IsRefused()
    {
        _host.Echo.OnSay = (message, context) => Task.FromResult(context.RequestHeaders.Count > 0 ? message : new EchoMessage());
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Headers.TryAddWithoutValidation("x-bin", "%%%");

        Assert.Equal("13", (await SendAsync(request)).Status);
        _host.Echo.OnSay = (message, _) => Task.FromResult(message);
    }

    [Fact]
    public async Task BinaryHeader_RepeatedJoinedAndUnpadded_IsAllRead()
    {
        byte[][] seen = [];
        _host.Echo.OnSay = (message, context) =>
        {
            seen = [.. context.RequestHeaders.GetAll("x-bin").Select(entry => entry.ValueBytes)];
            return Task.FromResult(message);
        };
        using var request = RawRequests.Unary(_host.Address, Say, _payload);
        request.Headers.TryAddWithoutValidation("x-bin", ["AQ,AQI=", "AQID"]);

        Assert.Equal("0", (await SendAsync(request)).Status);
        Assert.Equal([[1], [1, 2], [1, 2, 3]], seen);
    }

    [Fact]
    public async Task Metadata_LongerThanTheServersLimit_IsRefusedAndTheConnectionLivesOn()
    {
        var before = await _host.Client.SayAsync(new EchoMessage { Text = "before" });

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _host.Client.SayAsync(new EchoMessage(), new Metadata { { "long", new string('x', 33_000) } }).ResponseAsync);

        Assert.Equal("before", before.Text);
        // Not Unavailable: no repetition makes it shorter.
        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
    }

    private async Task<(string Status, byte[] Body)> SendAsync(HttpRequestMessage request)
    {
        using var response = await _host.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();
        var source = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        return (Assert.Single(source.GetValues("grpc-status")), body);
    }
}
