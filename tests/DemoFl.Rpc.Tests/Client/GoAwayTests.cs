using DemoFl.Rpc.Tests.Http2;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Client;

/// <summary>What a client makes of servers that end a connection, and of those that are slow to begin one.</summary>
public sealed class GoAwayTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EchoMessage Message = new() { Text = "x" };

    private WireServer _server = null!;

    public Task InitializeAsync()
    {
        _server = WireServer.Start();
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task GoAway_AfterTheCall_LetsItFinishAndTheNextOpensAConnection()
    {
        using var first = _server.Client.SayAsync(Message);
        var connection = await _server.AcceptAsync();
        var request = await connection.ReadUntilAsync(frame => frame.Type == FrameType.Headers);

        await connection.SendGoAwayAsync(request.Stream, 0);
        await WireServer.RespondAsync(connection, request.Stream, Message.ToByteArray());
        Assert.Equal(Message, await first.ResponseAsync.WaitAsync(Patience));

        using var second = _server.Client.SayAsync(Message);
        var another = await _server.AcceptAsync();
        request = await another.ReadUntilAsync(frame => frame.Type == FrameType.Headers);
        await WireServer.RespondAsync(another, request.Stream, Message.ToByteArray());
        Assert.Equal(Message, await second.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task GoAway_BeforeTheCall_SendsItOnAnotherConnection()
    {
        using var call = _server.Client.SayAsync(Message);
        var connection = await _server.AcceptAsync();
        await connection.ReadUntilAsync(frame => frame.Type == FrameType.Headers);

        await connection.SendGoAwayAsync(0, 0);
        var another = await _server.AcceptAsync();
        var request = await another.ReadUntilAsync(frame => frame.Type == FrameType.Headers);
        await WireServer.RespondAsync(another, request.Stream, Message.ToByteArray());

        Assert.Equal(Message, await call.ResponseAsync.WaitAsync(Patience));
    }

    [Fact]
    public async Task GoAway_BeforeAStreamWithMessages_IsUnavailableAndLosesNone()
    {
        // The server says that it has not served the stream; but the message was handed over, and another connection would begin without it.
        using var call = _server.Client.Chat();
        var connection = await _server.AcceptAsync();
        await call.RequestStream.WriteAsync(Message).WaitAsync(Patience);
        await connection.ReadUntilAsync(frame => frame.Type == FrameType.Body);

        await connection.SendGoAwayAsync(0, 0);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().WaitAsync(Patience));

        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task GoAway_TooManyPings_IsExhaustedOrUnavailable(int lastStream)
    {
        using var call = _server.Client.Chat();
        var connection = await _server.AcceptAsync();
        await call.RequestStream.WriteAsync(Message).WaitAsync(Patience);
        await connection.ReadUntilAsync(frame => frame.Type == FrameType.Body);

        await connection.SendGoAwayAsync(lastStream, 0xb, "too_many_pings");
        connection.EndOutput();
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().WaitAsync(Patience));

        Assert.True(refusal.StatusCode is StatusCode.ResourceExhausted or StatusCode.Unavailable, refusal.ToString());
    }

    [Fact]
    public async Task Connection_LostInTheMiddle_IsUnavailable()
    {
        using var call = _server.Client.Chat();
        var connection = await _server.AcceptAsync();
        await connection.ReadUntilAsync(frame => frame.Type == FrameType.Headers);
        await connection.DisposeAsync();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext().WaitAsync(Patience));

        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }

    [Fact]
    public async Task Metadata_OverTheLimitOfAServerThatHasNotSaidIt_IsInternal()
    {
        // The settings that would have stopped the client come too late; what Kestrel says to a field over 32 KiB is this.
        const int CompressionError = 0x9;
        using var call = _server.Client.SayAsync(Message, new Metadata { { "long", new string('x', 33_000) } });
        var connection = await _server.AcceptAsync(sendSettings: false);
        await connection.ReadUntilAsync(frame => frame.Type == FrameType.Continuation && (frame.Flags & Frame.EndHeaders) != 0);

        await connection.SendAsync(FrameType.Settings, 0, 0, []);
        await connection.SendGoAwayAsync(1, CompressionError);
        connection.EndOutput();
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));

        // Not Unavailable: no repetition makes it shorter.
        Assert.Equal(StatusCode.Internal, refusal.StatusCode);
    }

    [Fact]
    public async Task Ping_ByTheServer_IsAnsweredWithItsBytes()
    {
        using var call = _server.Client.Chat();
        var connection = await _server.AcceptAsync();
        for (byte i = 0; i < 50; i++)
        {
            byte[] opaque = [1, 2, 3, 4, 5, 6, 7, i];
            await connection.SendAsync(FrameType.Ping, 0, 0, opaque);
            var answer = await connection.ReadUntilAsync(frame => frame is { Type: FrameType.Ping, IsEnd: true });
            Assert.Equal(opaque, answer.Payload);
        }
    }
}
