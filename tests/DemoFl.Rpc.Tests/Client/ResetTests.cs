using DemoFl.Rpc.Tests.Http2;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Client;

/// <summary>What a client makes of a server that resets a stream while requests are still being written; <see cref="OddServerTests"/> has the others.</summary>
public sealed class ResetTests : IAsyncLifetime
{
    private const int RefusedStream = 0x7;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private WireServer _server = null!;

    public Task InitializeAsync()
    {
        _server = WireServer.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [MemberData(nameof(OddServerTests.Resets), MemberType = typeof(OddServerTests))]
    public async Task Reset_OfAnOpenStreamBeforeTheHeaders_IsMapped(int error, StatusCode expected)
    {
        using var call = _server.Client.Chat();
        var connection = await _server.AcceptAsync();
        await call.RequestStream.WriteAsync(new EchoMessage { Text = "x" }).WaitAsync(Patience);
        await connection.ReadUntilAsync(frame => frame.Type == FrameType.Body);

        await connection.SendResetAsync(1, error);

        await ExpectAsync(expected, () => call.ResponseStream.MoveNext());
        Assert.Equal(expected, call.GetStatus().StatusCode);
    }

    [Theory]
    [MemberData(nameof(OddServerTests.Resets), MemberType = typeof(OddServerTests))]
    public async Task Reset_OfAnOpenStreamWithinAMessage_IsMapped(int error, StatusCode expected)
    {
        using var call = _server.Client.Chat();
        var connection = await _server.AcceptAsync();
        await connection.ReadUntilAsync(frame => frame.Type == FrameType.Headers);
        await connection.SendHeadersAsync(1, end: false, (":status", "200"), ("content-type", "application/grpc"));
        await connection.SendAsync(FrameType.Body, 0, 1, RawRequests.Frame(0, 100, [1, 2, 3]));

        await connection.SendResetAsync(1, error);

        await ExpectAsync(expected, () => call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Reset_AfterTheStatusOfAUnaryThatWaitsForTheWindow_LeavesTheStatus()
    {
        // The rest of the request is not wanted (RFC 9113, section 8.1).
        const int NoError = 0x0;
        using var call = _server.Client.SayAsync(new EchoMessage { Body = ByteString.CopyFrom(new byte[100_000]) });
        var connection = await _server.AcceptAsync();
        await ReadWindowAsync(connection);

        await connection.SendHeadersAsync(
            1, end: true, (":status", "200"), ("content-type", "application/grpc"), ("grpc-status", "16"), ("grpc-message", "who are you?"));
        await connection.SendResetAsync(1, NoError);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));

        Assert.Equal((StatusCode.Unauthenticated, "who are you?"), (refusal.StatusCode, refusal.Status.Detail));
    }

    [Fact]
    public async Task Reset_AsNotServedYet_SendsAUnaryAgain()
    {
        var message = new EchoMessage { Text = "x" };
        using var call = _server.Client.SayAsync(message);
        var connection = await _server.AcceptAsync();
        await connection.ReadUntilAsync(frame => frame is { Type: FrameType.Body, IsEnd: true });

        await connection.SendResetAsync(1, RefusedStream);
        await connection.ReadUntilAsync(frame => frame is { Type: FrameType.Body, Stream: 3, IsEnd: true });
        await WireServer.RespondAsync(connection, 3, message.ToByteArray());

        Assert.Equal(message, await call.ResponseAsync.WaitAsync(Patience));
    }

    public static IEnumerable<object[]> FinalResets() => OddServerTests.Resets().Where(row => (int)row[0] != RefusedStream);

    [Theory]
    [MemberData(nameof(FinalResets))]
    public async Task Reset_OfAUnaryThatWaitsForTheWindow_IsMapped(int error, StatusCode expected)
    {
        using var call = _server.Client.SayAsync(new EchoMessage { Body = ByteString.CopyFrom(new byte[100_000]) });
        var connection = await _server.AcceptAsync();
        await ReadWindowAsync(connection);

        await connection.SendResetAsync(1, error);

        await ExpectAsync(expected, () => call.ResponseAsync);
    }

    private static async Task ReadWindowAsync(WireConnection connection)
    {
        // It is 65,535 bytes, and nobody widens it.
        var received = 0;
        await connection.ReadUntilAsync(frame => (received += frame.Type == FrameType.Body ? frame.Payload.Length : 0) == 65_535);
    }

    private static async Task ExpectAsync(StatusCode expected, Func<Task> action)
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(() => action().WaitAsync(Patience));
        Assert.True(expected == refusal.StatusCode, refusal.ToString());
    }
}
