using DemoFl.Rpc.Tests.Http2;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Server;

/// <summary>What a server makes of single HTTP/2 frames.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private const string Say = "/demofl.rpc.tests.Echo/Say";
    private const string Chat = "/demofl.rpc.tests.Echo/Chat";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly byte[] Payload = new EchoMessage { Text = "x" }.ToByteArray();
    private static readonly byte[] Message = RawRequests.Frame(0, Payload.Length, Payload);

    private EchoHost _host = null!;
    private WireConnection _wire = null!;

    public async Task InitializeAsync()
    {
        _host = await EchoHost.StartAsync(tls: false);
        _wire = await WireConnection.ConnectAsync(_host.Address);
    }

    public async Task DisposeAsync()
    {
        await _wire.DisposeAsync();
        Assert.Equal("alive", (await _host.Client.SayAsync(new EchoMessage { Text = "alive" })).Text);
        await _host.DisposeAsync();
    }

    public static TheoryData<int, bool> Resets()
    {
        var data = new TheoryData<int, bool>();
        for (var error = 0x0; error <= 0xd; error++)
        {
            data.Add(error, false);
            data.Add(error, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Resets))]
    public async Task Reset_ByTheClient_CancelsTheHandlerAndIsNoError(int error, bool withinAMessage)
    {
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        Exception? thrown = null;
        _host.Echo.OnChat = async (requests, _, context) =>
        {
            using var registration = context.CancellationToken.Register(cancelled.SetResult);
            Assert.True(await requests.MoveNext());
            started.SetResult();
            thrown = await Record.ExceptionAsync(() => requests.MoveNext());
            await cancelled.Task;
            throw thrown!;
        };
        await _wire.SendRequestAsync(1, Chat);
        await _wire.SendAsync(FrameType.Body, 0, 1, withinAMessage ? [.. Message, .. Message.AsSpan(0, 6)] : Message);
        await started.Task.WaitAsync(Patience);

        await _wire.SendResetAsync(1, error);

        await cancelled.Task.WaitAsync(Patience);
        Assert.Equal("/demofl.rpc.tests.Echo/Chat ended with Cancelled.", await _host.FirstCallEnded.WaitAsync(Patience));
        Assert.True(thrown is IOException or OperationCanceledException, thrown?.ToString());
    }

    [Fact]
    public async Task Ping_ByAnEagerClient_IsAnsweredWithItsBytesDuringACall()
    {
        await _wire.SendRequestAsync(1, Chat);
        for (byte i = 0; i < 50; i++)
        {
            byte[] opaque = [i, 2, 3, 4, 5, 6, 7, 8];
            await _wire.SendAsync(FrameType.Ping, 0, 0, opaque);
            var answer = await _wire.ReadUntilAsync(frame => frame is { Type: FrameType.Ping, IsEnd: true });
            Assert.Equal(opaque, answer.Payload);
        }

        await _wire.SendAsync(FrameType.Body, Frame.End, 1, Message);
        var echoed = await _wire.ReadUntilAsync(frame => frame is { Type: FrameType.Body, Stream: 1 });
        Assert.Equal(Message, echoed.Payload);
    }

    [Fact]
    public async Task GoAway_ByTheClient_LetsItsCallFinish()
    {
        await _wire.SendRequestAsync(1, Chat);
        await _wire.SendGoAwayAsync(0, 0);

        await _wire.SendAsync(FrameType.Body, Frame.End, 1, Message);

        var echoed = await _wire.ReadUntilAsync(frame => frame is { Type: FrameType.Body, Stream: 1 });
        Assert.Equal(Message, echoed.Payload);
        await _wire.ReadUntilAsync(frame => frame is { Type: FrameType.Headers, Stream: 1, IsEnd: true });
    }

    [Fact]
    public async Task Refusal_BeforeAnyMessage_IsOneHeadersFrame()
    {
        _host.Echo.OnSay = (_, _) => throw new RpcException(new Status(StatusCode.NotFound, "nothing here"));
        await _wire.SendRequestAsync(1, Say);
        await _wire.SendAsync(FrameType.Body, Frame.End, 1, Message);

        var first = await _wire.ReadUntilAsync(frame => frame.Stream == 1);

        Assert.Equal((FrameType.Headers, true), (first.Type, first.IsEnd));
        _host.Echo.OnSay = (message, _) => Task.FromResult(message);
    }

    [Fact]
    public async Task Metadata_OverTheLimitFromAClientThatSawNoSettings_EndsItsConnectionAlone()
    {
        using var beside = _host.Client.Chat();
        await _wire.SendStartOfRequestAsync(1, Say, ("long", new string('x', 33_000)));

        var answer = await _wire.ReadUntilAsync(frame => frame.Stream == 1 || frame.Type == FrameType.GoAway);

        Assert.Equal(FrameType.GoAway, answer.Type);
        Assert.Equal([0, 0, 0, 9], answer.Payload[4..8]); // COMPRESSION_ERROR
        await beside.RequestStream.WriteAsync(new EchoMessage { Text = "unharmed" });
        Assert.True(await beside.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Metadata_UpToTheLimitInManyFrames_IsRead()
    {
        string? seen = null;
        _host.Echo.OnSay = (message, context) =>
        {
            seen = context.RequestHeaders.GetValue("long");
            return Task.FromResult(message);
        };
        await _wire.SendRequestAsync(1, Say, ("long", new string('x', 32_000)));
        await _wire.SendAsync(FrameType.Body, Frame.End, 1, Message);

        await _wire.ReadUntilAsync(frame => frame is { Type: FrameType.Headers, Stream: 1, IsEnd: true });

        Assert.Equal(new string('x', 32_000), seen);
    }
}
