using DemoFl.Rpc.Tests.Http2;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;

namespace DemoFl.Rpc.Tests.Client;

/// <summary>The headers of a client on the wire, and those that it reads there.</summary>
public sealed class RawHeadersTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Payload = new EchoMessage { Text = "x" }.ToByteArray();

    [Fact]
    public async Task Request_OfAnyCall_SaysWhatTheProtocolAsks()
    {
        var seen = new HeaderDictionary();
        var (method, path, hasDeadline) = ("", "", false);
        await using var server = await RawServer.StartAsync(http =>
        {
            (method, path) = (http.Request.Method, http.Request.Path);
            hasDeadline = http.Request.Headers.ContainsKey("grpc-timeout");
            foreach (var header in http.Request.Headers)
                seen[header.Key] = header.Value;
            return RawServer.RespondAsync(http, RawRequests.Frame(0, Payload.Length, Payload), "0");
        });

        await server.Client.SayAsync(new EchoMessage());

        Assert.Equal(("POST", "/demofl.rpc.tests.Echo/Say"), (method, path));
        Assert.Equal("trailers", (string?)seen["te"]);
        Assert.Equal("application/grpc", (string?)seen["content-type"]);
        Assert.StartsWith("grpc-dotnet-demofl/", seen["user-agent"], StringComparison.Ordinal);
        Assert.False(hasDeadline);
        Assert.False(seen.ContainsKey("grpc-encoding"));
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    public async Task ContentType_WithCodecOrParameter_IsAccepted(string contentType)
    {
        await using var server = await RawServer.StartAsync(async http =>
        {
            http.Response.ContentType = contentType;
            await http.Response.Body.WriteAsync(RawRequests.Frame(0, Payload.Length, Payload));
            http.Response.AppendTrailer("grpc-status", "0");
        });

        Assert.Equal("x", (await server.Client.SayAsync(new EchoMessage())).Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task StatusText_InRawUtf8_IsRead(bool trailersOnly)
    {
        await using var server = WireServer.Start();
        using var call = server.Client.SayAsync(new EchoMessage());
        var connection = await server.AcceptAsync();
        await connection.ReadUntilAsync(frame => frame is { Type: FrameType.Body, IsEnd: true });

        var status = new[] { ("grpc-status", "9"), ("grpc-message", "größe 日本 🎲 100%") };
        var head = new[] { (":status", "200"), ("content-type", "application/grpc") };
        if (trailersOnly) status = [.. head, .. status];
        else await connection.SendHeadersAsync(1, end: false, head);
        await connection.SendHeadersAsync(1, end: true, status);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));

        Assert.Equal((StatusCode.FailedPrecondition, "größe 日本 🎲 100%"), (refusal.StatusCode, refusal.Status.Detail));
    }

    [Fact]
    public async Task HeadersOnly_WithoutAStatus_AreUnknown()
    {
        await using var server = WireServer.Start();
        using var call = server.Client.SayAsync(new EchoMessage());
        var connection = await server.AcceptAsync();
        await connection.ReadUntilAsync(frame => frame is { Type: FrameType.Body, IsEnd: true });

        await connection.SendHeadersAsync(1, end: true, (":status", "200"), ("content-type", "application/grpc"));
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));

        Assert.Equal(StatusCode.Unknown, refusal.StatusCode);
    }

    [Fact]
    public async Task Connecting_ForTooLong_IsUnavailable()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(50),
            ConnectCallback = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return Stream.Null;
            },
        };
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1", new GrpcChannelOptions { HttpHandler = handler });

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => new Echo.EchoClient(channel).SayAsync(new EchoMessage()).ResponseAsync.WaitAsync(Patience));

        Assert.True(refusal.StatusCode == StatusCode.Unavailable, refusal.ToString());
    }
}
