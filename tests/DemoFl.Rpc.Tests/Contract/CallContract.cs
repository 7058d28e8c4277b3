using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Contract;

/// <summary>What every transport must do: the four kinds of call, their statuses and their metadata.</summary>
public abstract class CallContract(bool tls) : IAsyncLifetime
{
    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Unary_Message_ComesBack()
    {
        var reply = await _host.Client.SayAsync(new EchoMessage { Text = "größer", Count = 7 });

        Assert.Equal("größer", reply.Text);
        Assert.Equal(7, reply.Count);
    }

    [Fact]
    public void Unary_BlockingCall_ComesBack() => Assert.Equal("x", _host.Client.Say(new EchoMessage { Text = "x" }).Text);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_536)]
    [InlineData(3_000_000)]
    public async Task Unary_BodyOfAnyLength_ComesBackIntact(int length)
    {
        var body = new byte[length];
        new Random(length).NextBytes(body);

        var reply = await _host.Client.SayAsync(new EchoMessage { Body = ByteString.CopyFrom(body) });

        Assert.Equal(body, reply.Body.ToByteArray());
    }

    [Fact]
    public async Task ClientStreaming_ManyMessages_AreCollectedInOrder()
    {
        using var call = _host.Client.Collect();
        for (var i = 0; i < 100; i++)
            await call.RequestStream.WriteAsync(new EchoMessage { Text = $"{i},", Count = 1 });
        await call.RequestStream.CompleteAsync();

        var reply = await call;

        Assert.Equal(100, reply.Count);
        Assert.Equal(string.Concat(Enumerable.Range(0, 100).Select(i => $"{i},")), reply.Text);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ServerStreaming_ManyMessages_ArriveInOrder()
    {
        using var call = _host.Client.Repeat(new EchoMessage { Text = "r", Count = 100 });

        var counts = new List<int>();
        await foreach (var message in call.ResponseStream.ReadAllAsync())
            counts.Add(message.Count);

        Assert.Equal(Enumerable.Range(0, 100), counts);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_PingPong_EachAnswerComesBeforeTheNextQuestion()
    {
        using var call = _host.Client.Chat();
        for (var i = 0; i < 50; i++)
        {
            await call.RequestStream.WriteAsync(new EchoMessage { Count = i });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Duplex_MoreThanTheFlowControlWindows_ArrivesIntact()
    {
        // 16 MiB through default windows: reader and writer must run side by side.
        const int Messages = 256;
        var body = new byte[65_536];
        new Random(1).NextBytes(body);
        using var call = _host.Client.Chat();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Messages; i++)
                await call.RequestStream.WriteAsync(new EchoMessage { Count = i, Body = ByteString.CopyFrom(body) });
            await call.RequestStream.CompleteAsync();
        });

        var expected = 0;
        await foreach (var message in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal(expected++, message.Count);
            Assert.True(message.Body.Span.SequenceEqual(body));
        }

        await writing;
        Assert.Equal(Messages, expected);
    }

    [Fact]
    public async Task Duplex_ServerSpeaksFirst_ClientHears()
    {
        _host.Echo.OnChat = async (requests, responses, _) =>
        {
            await responses.WriteAsync(new EchoMessage { Text = "first" });
            await requests.MoveNext();
        };

        using var call = _host.Client.Chat();

        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("first", call.ResponseStream.Current.Text);
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }
}
