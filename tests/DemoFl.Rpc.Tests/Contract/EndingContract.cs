using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Contract;

/// <summary>What every transport must do: the ways in which a call ends early.</summary>
public abstract class EndingContract(bool tls) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Deadline_Passes_BothEndsSeeIt()
    {
        // Only a server that has begun can see the end: the connection is open, and the deadline leaves time on a busy machine.
        await _host.Client.SayAsync(new EchoMessage());
        var served = ServeUntilCancelled();

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _host.Client.SayAsync(new EchoMessage(), deadline: DateTime.UtcNow.AddSeconds(1)).ResponseAsync.WaitAsync(Patience));

        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
        await served.WaitAsync(Patience);
    }

    [Fact]
    public async Task Deadline_AlreadyPast_NothingIsSent()
    {
        _host.Echo.OnSay = (_, _) => throw new InvalidOperationException("must not be called");

        var refusal = await Assert.ThrowsAsync<RpcException>(
            () => _host.Client.SayAsync(new EchoMessage(), deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
    }

    [Fact]
    public async Task Deadline_PassesWhileTheHandlerIgnoresIt_ServerEndsTheCall()
    {
        // The client sends the header by itself, without a deadline of its own: only the server can end this call.
        var release = new TaskCompletionSource();
        _host.Echo.OnSay = async (request, _) =>
        {
            await release.Task;
            return request;
        };
        using var request = RawRequests.Unary(_host.Address, "/demofl.rpc.tests.Echo/Say", new EchoMessage().ToByteArray());
        request.Headers.TryAddWithoutValidation("grpc-timeout", "200m");

        using var response = await _host.SendAsync(request);
        release.SetResult();

        Assert.Equal("4", Assert.Single(response.Headers.GetValues("grpc-status")));
    }

    [Fact]
    public async Task Cancellation_ByTheToken_BothEndsSeeIt()
    {
        var started = new TaskCompletionSource();
        var served = ServeUntilCancelled(started);
        using var cancel = new CancellationTokenSource();
        using var call = _host.Client.SayAsync(new EchoMessage(), cancellationToken: cancel.Token);
        await started.Task.WaitAsync(Patience);

        await cancel.CancelAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync)).StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        await served.WaitAsync(Patience);
    }

    [Fact]
    public async Task Dispose_MidStream_CancelsTheServersReadAndLeavesNoUnobservedException()
    {
        var unobserved = 0;
        EventHandler<UnobservedTaskExceptionEventArgs> count = (_, args) =>
        {
            if (args.Exception.InnerExceptions.Any(inner => inner is RpcException or IOException or HttpRequestException))
                Interlocked.Increment(ref unobserved);
        };
        TaskScheduler.UnobservedTaskException += count;
        try
        {
            await LeaveInTheMiddleAsync();
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= count;
        }

        Assert.Equal(0, unobserved);
    }

    [Fact]
    public async Task Write_BlockedOnFlowControl_EndsAtTheDeadline()
    {
        var served = new TaskCompletionSource();
        _host.Echo.OnChat = async (_, _, context) =>
        {
            using var registration = context.CancellationToken.Register(served.SetResult);
            await served.Task;
        };
        await _host.Client.SayAsync(new EchoMessage());
        using var call = _host.Client.Chat(deadline: DateTime.UtcNow.AddSeconds(1));
        var message = new EchoMessage { Body = ByteString.CopyFrom(new byte[3_000_000]) };

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(message).WaitAsync(Patience));

        Assert.Equal(StatusCode.DeadlineExceeded, refusal.StatusCode);
        await served.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task ServerWrite_BlockedOnAClientThatReadsNothing_IsResetAfterTheDeadline()
    {
        var ended = WriteUntilCutOff();
        using var invoker = new HttpMessageInvoker(_host.CreateHandler());
        using var request = RawRequests.Unary(_host.Address, "/demofl.rpc.tests.Echo/Repeat", new EchoMessage().ToByteArray());
        request.Headers.TryAddWithoutValidation("grpc-timeout", "200m");
        using var response = await invoker.SendAsync(request, CancellationToken.None);

        await ended.WaitAsync(Patience);
        await using var body = await response.Content.ReadAsStreamAsync();
        await _host.FirstRequestEnded.WaitAsync(Patience);
        var lost = await Record.ExceptionAsync(() => body.CopyToAsync(Stream.Null));

        Assert.Equal(8, Assert.IsType<HttpProtocolException>(lost?.InnerException ?? lost).ErrorCode);
    }

    [Fact]
    public async Task ServerWrite_Cancelled_EndsTheCall()
    {
        var ended = new TaskCompletionSource();
        _host.Echo.OnRepeat = async (_, responses, _) =>
        {
            // Longer than the window of a client that does not read: the write waits until it is cancelled.
            using var cancel = new CancellationTokenSource();
            var write = responses.WriteAsync(new EchoMessage { Body = ByteString.CopyFrom(new byte[3_000_000]) }, cancel.Token);
            await cancel.CancelAsync();
            await Record.ExceptionAsync(() => write);
            ended.SetResult();
            await write;
        };
        using var call = _host.Client.Repeat(new EchoMessage());

        await ended.Task.WaitAsync(Patience);
        var refusal = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            await foreach (var message in call.ResponseStream.ReadAllAsync())
                Assert.NotNull(message);
        });

        Assert.Equal(StatusCode.Cancelled, refusal.StatusCode);
    }

    [Fact]
    public async Task ServerRead_Cancelled_EndsTheCall()
    {
        _host.Echo.OnChat = async (requests, _, _) =>
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
            await requests.MoveNext(cancel.Token);
        };
        using var call = _host.Client.Chat();

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.Cancelled, refusal.StatusCode);
    }

    [Fact]
    public async Task Channel_Disposed_EndsItsCallsAndTakesNoMore()
    {
        var channel = _host.OpenChannel();
        var client = new Echo.EchoClient(channel);
        using var call = client.Chat();
        await call.RequestStream.WriteAsync(new EchoMessage());
        Assert.True(await call.ResponseStream.MoveNext());

        await channel.ShutdownAsync();

        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext())).StatusCode);
        Assert.Throws<ObjectDisposedException>(() => client.Chat());
    }

    private Task ServeUntilCancelled(TaskCompletionSource? started = null)
    {
        var cancelled = new TaskCompletionSource();
        _host.Echo.OnSay = async (request, context) =>
        {
            using var registration = context.CancellationToken.Register(cancelled.SetResult);
            started?.SetResult();
            await cancelled.Task;
            return request;
        };
        return cancelled.Task;
    }

    private Task WriteUntilCutOff()
    {
        var ended = new TaskCompletionSource();
        _host.Echo.OnRepeat = async (_, responses, _) =>
        {
            try
            {
                var message = new EchoMessage { Body = ByteString.CopyFrom(new byte[1_000_000]) };
                while (true)
                    await responses.WriteAsync(message);
            }
            finally
            {
                ended.SetResult();
            }
        };
        return ended.Task;
    }

    private async Task LeaveInTheMiddleAsync()
    {
        var cutOff = new TaskCompletionSource<Exception?>();
        _host.Echo.OnChat = async (requests, responses, _) =>
        {
            try
            {
                await foreach (var request in requests.ReadAllAsync())
                    await responses.WriteAsync(request);
                cutOff.SetResult(null);
            }
            catch (Exception exception)
            {
                cutOff.SetResult(exception);
                throw;
            }
        };

        var call = _host.Client.Chat();
        await call.RequestStream.WriteAsync(new EchoMessage());
        Assert.True(await call.ResponseStream.MoveNext());
        call.Dispose();
        Assert.NotNull(await cutOff.Task.WaitAsync(Patience));
    }
}
