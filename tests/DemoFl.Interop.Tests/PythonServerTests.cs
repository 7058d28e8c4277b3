using DemoFl.Interop.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Interop.Tests;

/// <summary>Our client against Python's server.</summary>
public sealed class PythonServerTests : IAsyncLifetime
{
    private PythonServer _server = null!;
    private Protos.Interop.InteropClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await PythonServer.StartAsync();
        _client = new Protos.Interop.InteropClient(_server.Channel);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [PythonFact]
    public async Task Unary_LargeMessage_ComesBack()
    {
        var letter = new Letter { Text = "größer", Count = 3, Body = ByteString.CopyFrom(new byte[1_000_000]) };

        Assert.Equal(letter, await _client.SayAsync(letter));
    }

    [PythonFact]
    public async Task ClientStreaming_Messages_AreSummed()
    {
        using var call = _client.Sum();
        for (var i = 0; i < 10; i++)
            await call.RequestStream.WriteAsync(new Letter { Text = $"{i}", Count = i });
        await call.RequestStream.CompleteAsync();

        Assert.Equal(new Letter { Text = "0123456789", Count = 45 }, await call);
    }

    [PythonFact]
    public async Task ServerStreaming_Messages_ArriveInOrder()
    {
        using var call = _client.Repeat(new Letter { Count = 100, Body = ByteString.CopyFrom(new byte[65_536]) });

        var counts = new List<int>();
        await foreach (var letter in call.ResponseStream.ReadAllAsync())
            counts.Add(letter.Count);

        Assert.Equal(Enumerable.Range(0, 100), counts);
    }

    [PythonFact]
    public async Task Duplex_PingPong_Works()
    {
        using var call = _client.Chat();
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

    [PythonFact]
    public async Task Status_WithText_Arrives()
    {
        const string Text = "100 % größer\n日本";

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _client.SayAsync(new Letter { Text = Text, Count = -1 }).ResponseAsync);

        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
        Assert.Equal(Text, refusal.Status.Detail);
    }

    [PythonFact]
    public async Task Metadata_BothWays_Arrives()
    {
        using var call = _client.SayAsync(new Letter(), new Metadata { { "echo", "hello" }, { "echo-bin", [0, 255, 1] } });

        Assert.Equal("hello", (await call.ResponseHeadersAsync).GetValue("early"));
        await call;
        Assert.Equal("hello", call.GetTrailers().GetValue("late"));
        Assert.Equal([0, 255, 1], call.GetTrailers().GetValueBytes("late-bin"));
    }

    [PythonFact]
    public async Task Deadline_Passes_IsDeadlineExceeded()
    {
        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _client.SayAsync(new Letter { Count = 99 }, deadline: DateTime.UtcNow.AddMilliseconds(300)).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
    }

    [PythonFact]
    public async Task Method_Unknown_IsUnimplemented()
    {
        var marshaller = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, "demofl.interop.Missing", "Say", marshaller, marshaller);

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, default, "").ResponseAsync);

        Assert.Equal(StatusCode.Unimplemented, refusal.StatusCode);
    }
}
