using System.Net;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace DemoFl.Rpc.Tests.Client;

/// <summary>What a client makes of servers and proxies that do not answer as gRPC asks.</summary>
public sealed class OddServerTests
{
    private static readonly byte[] Payload = new EchoMessage { Text = "x" }.ToByteArray();

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(302, StatusCode.Unknown)]
    [InlineData(418, StatusCode.Unknown)]
    [InlineData(500, StatusCode.Unknown)]
    public async Task HttpStatus_WithoutGrpc_IsMapped(int httpStatus, StatusCode expected) => await ExpectAsync(expected, http =>
    {
        http.Response.StatusCode = httpStatus;
        return Task.CompletedTask;
    });

    public static TheoryData<int, StatusCode> Resets()
    {
        var data = new TheoryData<int, StatusCode>();
        foreach (var internalError in new[] { 0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x6, 0x9, 0xa, 0xd })
            data.Add(internalError, StatusCode.Internal);
        data.Add(0x7, StatusCode.Unavailable);
        data.Add(0x8, StatusCode.Cancelled);
        data.Add(0xb, StatusCode.ResourceExhausted);
        data.Add(0xc, StatusCode.PermissionDenied);
        return data;
    }

    [Theory]
    [MemberData(nameof(Resets))]
    public async Task Reset_BeforeTheHeaders_IsMapped(int errorCode, StatusCode expected) => await ExpectAsync(expected, http =>
    {
        http.Features.Get<IHttpResetFeature>()!.Reset(errorCode);
        return Task.CompletedTask;
    });

    [Theory]
    [MemberData(nameof(Resets))]
    public async Task Reset_WithinAMessage_IsMapped(int errorCode, StatusCode expected) => await ExpectAsync(expected, async http =>
    {
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(RawRequests.Frame(0, 100, Payload));
        await http.Response.Body.FlushAsync();
        http.Features.Get<IHttpResetFeature>()!.Reset(errorCode);
    });

    [Fact]
    public async Task ContentType_NotGrpc_IsUnknown() =>
        await ExpectAsync(StatusCode.Unknown, http => http.Response.WriteAsync("<html>"));

    [Fact]
    public async Task Trailers_WithoutStatus_AreUnknown() =>
        await ExpectAsync(StatusCode.Unknown, http => RawServer.RespondAsync(http, [], status: null));

    [Theory]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    public async Task Trailers_WithAStatusOfNoMeaning_AreUnknown(string status) =>
        await ExpectAsync(StatusCode.Unknown, http => RawServer.RespondAsync(http, [], status));

    [Theory]
    [InlineData("99")]
    [InlineData("-1")]
    [InlineData("x")]
    [InlineData("")]
    public async Task Headers_WithAStatusOfNoMeaning_AreUnknown(string status) => await ExpectAsync(StatusCode.Unknown, http =>
    {
        http.Response.ContentType = "application/grpc";
        http.Response.Headers["grpc-status"] = status;
        return Task.CompletedTask;
    });

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Status_Twice_IsUnknown(bool inTrailers) => await ExpectAsync(StatusCode.Unknown, async http =>
    {
        http.Response.ContentType = "application/grpc";
        if (inTrailers)
        {
            await RawServer.RespondAsync(http, RawRequests.Frame(0, Payload.Length, Payload), "0");
            http.Response.AppendTrailer("grpc-status", "5");
        }
        else
        {
            http.Response.Headers["grpc-status"] = new StringValues(["0", "5"]);
        }
    });

    [Fact]
    public async Task Status_InHeadersAndTrailers_IsTheHeaders() => await ExpectAsync(StatusCode.NotFound, http =>
    {
        http.Response.Headers["grpc-status"] = "5";
        return RawServer.RespondAsync(http, RawRequests.Frame(0, Payload.Length, Payload), "0");
    });

    [Theory]
    [InlineData("%zz", "%zz")]
    [InlineData("100%", "100%")]
    [InlineData("gr%C3%B6%C3%9Fe %F0%9F%8E%B2", "größe 🎲")]
    [InlineData("a%0D%0Ab", "a\r\nb")]
    public async Task StatusText_OfAnyKind_IsDecoded(string sent, string expected) => await ExpectTextAsync(sent, expected);

    [Fact]
    public async Task StatusText_Of9Kilobytes_IsWhole() => await ExpectTextAsync(new string('x', 9_000), new string('x', 9_000));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BinaryMetadata_NoBase64_IsInternal(bool inTrailers) => await ExpectAsync(StatusCode.Internal, async http =>
    {
        if (!inTrailers) http.Response.Headers["x-bin"] = "%%%";
        await RawServer.RespondAsync(http, RawRequests.Frame(0, Payload.Length, Payload), "0");
        if (inTrailers) http.Response.AppendTrailer("x-bin", "%%%");
    });

    [Fact]
    public async Task BinaryMetadata_RepeatedJoinedAndUnpadded_IsAllRead()
    {
        await using var server = await RawServer.StartAsync(async http =>
        {
            http.Response.Headers["x-bin"] = new StringValues(["AQ,AQI=", "AQID"]);
            await RawServer.RespondAsync(http, RawRequests.Frame(0, Payload.Length, Payload), "0");
        });

        using var call = server.Client.SayAsync(new EchoMessage());
        var headers = await call.ResponseHeadersAsync;

        Assert.Equal([new byte[] { 1 }, [1, 2], [1, 2, 3]], headers.GetAll("x-bin").Select(entry => entry.ValueBytes));
    }

    [Fact]
    public async Task Headers_LongerThanTheClientTakes_AreResourceExhausted() => await ExpectAsync(StatusCode.ResourceExhausted, http =>
    {
        for (var i = 0; i < 10; i++)
            http.Response.Headers[$"x-{i}"] = new string('x', 8_000);
        return RawServer.RespondAsync(http, [], "0");
    });

    [Fact]
    public async Task Ok_WithoutAMessage_IsInternal() =>
        await ExpectAsync(StatusCode.Internal, http => RawServer.RespondAsync(http, [], "0"));

    [Fact]
    public async Task Ok_WithTwoMessages_IsInternal()
    {
        var frame = RawRequests.Frame(0, Payload.Length, Payload);
        await ExpectAsync(StatusCode.Internal, http => RawServer.RespondAsync(http, [.. frame, .. frame], "0"));
    }

    [Theory]
    [InlineData(1, 3, StatusCode.Internal)]
    [InlineData(2, 3, StatusCode.Internal)]
    [InlineData(0, 4, StatusCode.Internal)]
    [InlineData(0, 2, StatusCode.Internal)]
    [InlineData(0, 2_000_000_000, StatusCode.ResourceExhausted)]
    [InlineData(0, -1, StatusCode.ResourceExhausted)] // 4 GiB less one
    public async Task Frame_Malformed_IsRefused(byte flag, int length, StatusCode expected) =>
        await ExpectAsync(expected, http => RawServer.RespondAsync(http, RawRequests.Frame(flag, length, Payload), "0"));

    [Fact]
    public async Task Frame_CutOffInItsPrefix_IsInternal() =>
        await ExpectAsync(StatusCode.Internal, http => RawServer.RespondAsync(http, [0, 0, 0], "0"));

    [Fact]
    public async Task Payload_NoProtobuf_IsInternal() =>
        await ExpectAsync(StatusCode.Internal, http => RawServer.RespondAsync(http, RawRequests.Frame(0, 2, [0xff, 0xff]), "0"));

    [Fact]
    public async Task Server_NotThere_IsUnavailable()
    {
        // A port that was free a moment ago and is not listened on.
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}");
        var client = new Echo.EchoClient(channel);
        using var stream = client.Chat();

        var unary = await Assert.ThrowsAsync<RpcException>(() => client.SayAsync(new EchoMessage()).ResponseAsync);
        var read = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext());
        var write = await Assert.ThrowsAsync<RpcException>(() => stream.RequestStream.WriteAsync(new EchoMessage()));
        var headers = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseHeadersAsync);

        Assert.All([unary, read, write, headers], refusal => Assert.Equal(StatusCode.Unavailable, refusal.StatusCode));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1:1")]
    [InlineData("127.0.0.1:1")]
    public void Address_NotHttp_IsRefused(string address) => Assert.ThrowsAny<Exception>(() => GrpcChannel.ForAddress(address));

    [Fact]
    public void Deadline_NotInUtc_IsRefused()
    {
        using var channel = GrpcChannel.ForAddress("http://127.0.0.1:1");

        Assert.Throws<InvalidOperationException>(
            () => new Echo.EchoClient(channel).SayAsync(new EchoMessage(), deadline: DateTime.Now.AddMinutes(1)));
    }

    private static async Task ExpectTextAsync(string sent, string expected)
    {
        await using var server = await RawServer.StartAsync(async http =>
        {
            await RawServer.RespondAsync(http, [], "9");
            http.Response.AppendTrailer("grpc-message", sent);
        });

        var refusal = await Assert.ThrowsAsync<RpcException>(() => server.Client.SayAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal((StatusCode.FailedPrecondition, expected), (refusal.StatusCode, refusal.Status.Detail));
    }

    private static async Task ExpectAsync(StatusCode expected, RequestDelegate respond)
    {
        await using var server = await RawServer.StartAsync(respond);

        using var call = server.Client.SayAsync(new EchoMessage());
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(10)));

        Assert.Equal(expected, refusal.StatusCode);
    }
}
