using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Contract;

/// <summary>What every transport must do: refuse what a caller or a handler may not do with its call.</summary>
public abstract class MisuseContract(bool tls) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Reads_AtTheSameTime_AreRefused()
    {
        using var call = _host.Client.Chat();
        var first = call.ResponseStream.MoveNext();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext());

        await call.RequestStream.WriteAsync(new EchoMessage { Text = "go" });
        Assert.True(await first);
    }

    [Fact]
    public async Task Writes_AtTheSameTime_AreRefused()
    {
        // The server reads nothing, so that a write must block on flow control.
        var release = new TaskCompletionSource();
        _host.Echo.OnChat = (_, _, _) => release.Task;
        using var call = _host.Client.Chat();
        var message = new EchoMessage { Body = ByteString.CopyFrom(new byte[3_000_000]) };
        var first = call.RequestStream.WriteAsync(message);

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(message));

        release.SetResult();
        Assert.False(await call.ResponseStream.MoveNext());
        await Record.ExceptionAsync(() => first).WaitAsync(Patience);
    }

    [Fact]
    public async Task ServerReads_AtTheSameTime_AreRefused()
    {
        var refusal = new TaskCompletionSource<Exception?>();
        _host.Echo.OnChat = async (requests, responses, _) =>
        {
            var first = requests.MoveNext();
            refusal.SetResult(await Record.ExceptionAsync(() => requests.MoveNext()));
            Assert.True(await first);
            await responses.WriteAsync(requests.Current);
        };
        using var call = _host.Client.Chat();

        Assert.IsType<InvalidOperationException>(await refusal.Task.WaitAsync(Patience));
        await call.RequestStream.WriteAsync(new EchoMessage { Text = "go on" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal("go on", call.ResponseStream.Current.Text);
    }

    [Fact]
    public async Task ServerWrites_AtTheSameTime_AreRefused()
    {
        var refusal = new TaskCompletionSource<Exception?>();
        _host.Echo.OnRepeat = async (_, responses, _) =>
        {
            // Longer than the client's window, so that it must wait for the client to read.
            var first = responses.WriteAsync(new EchoMessage { Body = ByteString.CopyFrom(new byte[3_000_000]) });
            refusal.SetResult(await Record.ExceptionAsync(() => responses.WriteAsync(new EchoMessage())));
            await first;
        };
        using var call = _host.Client.Repeat(new EchoMessage());

        Assert.IsType<InvalidOperationException>(await refusal.Task.WaitAsync(Patience));
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.Equal(3_000_000, call.ResponseStream.Current.Body.Length);
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Write_AfterComplete_IsRefused()
    {
        using var call = _host.Client.Chat();
        await call.RequestStream.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoMessage()));
    }

    [Fact]
    public async Task Write_AfterTheServerFinished_IsRefused()
    {
        _host.Echo.OnChat = (_, _, _) => Task.CompletedTask;
        using var call = _host.Client.Chat();
        Assert.False(await call.ResponseStream.MoveNext());

        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoMessage()));

        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task Write_AfterTheServerRefused_ReportsItsStatus()
    {
        _host.Echo.OnChat = (_, _, _) => throw new RpcException(new Status(StatusCode.PermissionDenied, "not you"));
        using var call = _host.Client.Chat();
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        var refusal = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoMessage()));

        Assert.Equal(StatusCode.PermissionDenied, refusal.StatusCode);
    }

    [Fact]
    public async Task ServerWrite_AfterItsHandlerReturned_IsRefused()
    {
        IServerStreamWriter<EchoMessage>? kept = null;
        _host.Echo.OnRepeat = (_, responses, _) =>
        {
            kept = responses;
            return Task.CompletedTask;
        };
        using var call = _host.Client.Repeat(new EchoMessage());
        Assert.False(await call.ResponseStream.MoveNext());
        await _host.FirstRequestEnded.WaitAsync(Patience);

        await Assert.ThrowsAnyAsync<InvalidOperationException>(() => kept!.WriteAsync(new EchoMessage()));
    }

    [Fact]
    public async Task Status_BeforeTheEnd_Throws()
    {
        using var call = _host.Client.Chat();

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
    }
}
