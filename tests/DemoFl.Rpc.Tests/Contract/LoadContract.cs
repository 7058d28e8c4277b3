using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Contract;

/// <summary>What every transport must do: many calls on a connection, stalled ones among them, and calls that outlive their ends.</summary>
public abstract class LoadContract(bool tls) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Streams_MoreThanAConnectionTakes_AllAreServed(bool manyConnections)
    {
        // Kestrel takes 100 streams on a connection: the others wait, or go by a second one.
        const int Streams = 130;
        var handler = _host.CreateHandler();
        handler.EnableMultipleHttp2Connections = manyConnections;
        var client = new Echo.EchoClient(_host.OpenChannel(options => options.HttpHandler = handler));
        var (open, all) = (0, new TaskCompletionSource());
        _host.Echo.OnSay = async (request, _) =>
        {
            if (Interlocked.Increment(ref open) == (manyConnections ? Streams : 100)) all.SetResult();
            await all.Task;
            return request;
        };

        var calls = Enumerable.Range(0, Streams).Select(i => client.SayAsync(new EchoMessage { Count = i }).ResponseAsync);
        var replies = await Task.WhenAll(calls).WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, Streams), replies.Select(reply => reply.Count));
    }

    [Fact]
    public async Task Stream_WaitingForAConnection_EndsAtItsDeadline()
    {
        var release = new TaskCompletionSource();
        var (open, all) = (0, new TaskCompletionSource());
        _host.Echo.OnChat = async (_, _, _) =>
        {
            if (Interlocked.Increment(ref open) == 100) all.SetResult();
            await release.Task;
        };
        var chats = Enumerable.Range(0, 100).Select(_ => _host.Client.Chat()).ToArray();
        await all.Task.WaitAsync(Patience);

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _host.Client.SayAsync(new EchoMessage(), deadline: DateTime.UtcNow.AddMilliseconds(200)).ResponseAsync);
        release.SetResult();
        foreach (var chat in chats)
        {
            Assert.False(await chat.ResponseStream.MoveNext().WaitAsync(Patience));
            chat.Dispose();
        }

        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
        Assert.Equal("x", (await _host.Client.SayAsync(new EchoMessage { Text = "x" })).Text);
    }

    [Fact]
    public async Task Unary_BesideFourStalledUploads_IsServedOnceTheirDeadlinesPass()
    {
        // The uploads are longer than the connection's window and nobody reads them.
        _host.Echo.OnChat = async (_, _, context) => await Task.Delay(Timeout.Infinite, context.CancellationToken);
        var message = new EchoMessage { Body = ByteString.CopyFrom(new byte[3_000_000]) };
        var uploads = Enumerable.Range(0, 4).Select(_ => _host.Client.Chat(deadline: DateTime.UtcNow.AddMilliseconds(400))).ToArray();
        var writes = uploads.Select(upload => upload.RequestStream.WriteAsync(message)).ToArray();

        var reply = await _host.Client.SayAsync(new EchoMessage { Text = "beside" }).ResponseAsync.WaitAsync(Patience);

        Assert.Equal("beside", reply.Text);
        foreach (var write in writes)
            Assert.Equal(StatusCode.DeadlineExceeded, (await Assert.ThrowsAsync<RpcException>(() => write)).StatusCode);
        Assert.All(uploads, upload => Assert.Equal(StatusCode.DeadlineExceeded, upload.GetStatus().StatusCode));
    }

    [Fact]
    public async Task Unary_BesideFourStalledDownloads_IsServed()
    {
        // Nobody reads the downloads, and each is longer than its window: the server's writes wait.
        _host.Echo.OnRepeat = async (_, responses, context) =>
        {
            var message = new EchoMessage { Body = ByteString.CopyFrom(new byte[3_000_000]) };
            while (true)
                await responses.WriteAsync(message, context.CancellationToken);
        };
        var downloads = Enumerable.Range(0, 4).Select(_ => _host.Client.Repeat(new EchoMessage())).ToArray();
        foreach (var download in downloads)
            await download.ResponseHeadersAsync.WaitAsync(Patience);

        var reply = await _host.Client.SayAsync(new EchoMessage { Text = "beside" }).ResponseAsync.WaitAsync(Patience);

        Assert.Equal("beside", reply.Text);
        foreach (var download in downloads)
            download.Dispose();
    }

    [Fact]
    public async Task Shutdown_WithAHandlerThatIgnoresCancellation_CutsItsCallOff()
    {
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        _host.Echo.OnSay = async (request, _) =>
        {
            started.SetResult();
            await release.Task;
            return request;
        };
        using var call = _host.Client.SayAsync(new EchoMessage());
        await started.Task.WaitAsync(Patience);

        using var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));
        var stop = _host.StopAsync(patience.Token);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(Patience));
        release.SetResult();
        await Record.ExceptionAsync(() => stop.WaitAsync(Patience));

        Assert.True(stop.IsCompleted);
        Assert.Equal(StatusCode.Unavailable, refusal.StatusCode);
    }
}
