using DemoFl.Interop.Tests.Peers;
using DemoFl.Interop.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against the peer's server: messages and streams.</summary>
public abstract partial class PeerServerTests<TPeer>(PeerServer<TPeer> server) : IClassFixture<PeerServer<TPeer>>
    where TPeer : Peer, new()
{
    /// <summary>Our client.</summary>
    protected Protos.Interop.InteropClient Client { get; } = new(server.Channel);

    /// <summary>A deadline that only a failing test reaches.</summary>
    protected static CallOptions Patient => new(deadline: DateTime.UtcNow.AddSeconds(30));

    [PeerFact]
    public async Task Unary_Message_ComesBack()
    {
        var letter = new Letter { Text = "größer 日本", Count = int.MaxValue, Body = Bytes(256) };

        Assert.Equal(letter, await Client.SayAsync(letter, Patient));
    }

    [PeerFact]
    public async Task Unary_ThreeMebibytes_ComeBack()
    {
        var letter = new Letter { Body = Bytes(3 << 20) };

        Assert.Equal(letter, await Client.SayAsync(letter, Patient));
    }

    [PeerFact]
    public async Task Unary_OverTheLimit_IsResourceExhausted()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => Client.SayAsync(new Letter { Body = Bytes(5 << 20) }, Patient).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refusal.StatusCode);
    }

    [PeerFact]
    public async Task ClientStreaming_Messages_AreSummed()
    {
        using var call = Client.Sum(Patient);
        for (var i = 0; i < 10; i++)
            await call.RequestStream.WriteAsync(new Letter { Text = $"{i}", Count = i });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new Letter { Text = "0123456789", Count = 45 }, await call);
    }

    [PeerFact]
    public async Task ClientStreaming_RefusedEarly_EndsWithTheStatus()
    {
        using var call = Client.Sum(Patient);
        await call.RequestStream.WriteAsync(new Letter { Text = "enough", Count = -(int)StatusCode.OutOfRange });

        // The requests are not completed: the status alone ends the call.
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal(new Status(StatusCode.OutOfRange, "enough"), new Status(refusal.StatusCode, refusal.Status.Detail));
    }

    [PeerFact]
    public async Task ServerStreaming_Messages_ArriveInOrder()
    {
        using var call = Client.Repeat(new Letter { Count = 100, Body = Bytes(65_536) }, Patient);

        Assert.Equal(Enumerable.Range(0, 100), await CountsAsync(call.ResponseStream));
    }

    [PeerFact]
    public async Task Duplex_PingPong_Works()
    {
        using var call = Client.Chat(Patient);
        for (var i = 0; i < 20; i++)
        {
            await call.RequestStream.WriteAsync(new Letter { Count = i });
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal(i, call.ResponseStream.Current.Count);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [PeerFact]
    public async Task Streams_Empty_EndWithOk()
    {
        using var sum = Client.Sum(Patient);
        await sum.RequestStream.CompleteAsync();
        Assert.Equal(new Letter(), await sum);

        using var repeat = Client.Repeat(new Letter(), Patient);
        Assert.Empty(await CountsAsync(repeat.ResponseStream));
        Assert.Equal(StatusCode.OK, repeat.GetStatus().StatusCode);

        using var chat = Client.Chat(Patient);
        await chat.RequestStream.CompleteAsync();
        Assert.Empty(await CountsAsync(chat.ResponseStream));
    }

    [PeerFact]
    public async Task Stream_SixtyFourMebibytes_ArriveBothWays()
    {
        const int Pieces = 1024;
        var body = Bytes(65_536);

        using var chat = Client.Chat(Patient);
        var received = CountsAsync(chat.ResponseStream, letter => Assert.Equal(body, letter.Body));
        for (var i = 0; i < Pieces; i++)
            await chat.RequestStream.WriteAsync(new Letter { Count = i, Body = body });
        await chat.RequestStream.CompleteAsync();

        Assert.Equal(Enumerable.Range(0, Pieces), await received);
    }

    [PeerFact]
    public async Task Calls_AThousandAtOnce_AllReturn()
    {
        var calls = Enumerable.Range(0, 1000).Select(i => Client.SayAsync(new Letter { Count = i }, Patient).ResponseAsync).ToArray();

        var replies = await Task.WhenAll(calls);

        Assert.Equal(Enumerable.Range(0, 1000), replies.Select(reply => reply.Count));
    }

    private static ByteString Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)(i * 31 + (i >> 8));
        return ByteString.CopyFrom(bytes);
    }

    private static async Task<List<int>> CountsAsync(IAsyncStreamReader<Letter> letters, Action<Letter>? check = null)
    {
        var counts = new List<int>();
        await foreach (var letter in letters.ReadAllAsync())
        {
            check?.Invoke(letter);
            counts.Add(letter.Count);
        }

        return counts;
    }
}
