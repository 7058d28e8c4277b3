using DemoFl.Rpc.Tests.Http2;
using DemoFl.Rpc.Tests.Protos;
using Google.Protobuf;

namespace DemoFl.Rpc.Tests.Server;

/// <summary>What a client sees of a server that stops in good order.</summary>
public sealed class ShutdownTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Stop_WithACallInProgress_SaysGoAwayAndLetsItFinish()
    {
        await using var host = await EchoHost.StartAsync(tls: false);
        await using var wire = await WireConnection.ConnectAsync(host.Address);
        var (started, release) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Echo.OnSay = async (request, _) =>
        {
            started.SetResult();
            await release.Task;
            return request;
        };
        var payload = new EchoMessage { Text = "x" }.ToByteArray();
        var message = RawRequests.Frame(0, payload.Length, payload);
        await wire.SendRequestAsync(1, "/demofl.rpc.tests.Echo/Say");
        await wire.SendAsync(FrameType.Body, Frame.End, 1, message);
        await started.Task.WaitAsync(Patience);

        var stop = host.StopAsync(CancellationToken.None);
        var farewell = await wire.ReadUntilAsync(frame => frame.Type == FrameType.GoAway);
        release.SetResult();
        var reply = await wire.ReadUntilAsync(frame => frame is { Type: FrameType.Body, Stream: 1 });

        Assert.Equal([0, 0, 0, 0], farewell.Payload[4..8]); // NO_ERROR
        Assert.Equal(message, reply.Payload);
        await wire.ReadUntilAsync(frame => frame is { Type: FrameType.Headers, Stream: 1, IsEnd: true });
        await wire.DisposeAsync();
        await stop.WaitAsync(Patience);
    }
}
