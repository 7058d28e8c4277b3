using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>
/// A node that has joined and goes on talking through the relay while others misbehave: it sends itself an envelope, waits for it, and sends the
/// next. Measures the process's memory as it goes.
/// </summary>
internal sealed class Bystander : IAsyncDisposable
{
    private readonly AsyncDuplexStreamingCall<Envelope, Envelope> _link;
    private readonly ScriptedNode _node;
    private readonly CancellationTokenSource _end = new();
    private readonly Task _talking;
    private int _told;
    private long _mostBytes;

    private Bystander(ScriptedNode node, AsyncDuplexStreamingCall<Envelope, Envelope> link)
    {
        (_node, _link) = (node, link);
        _talking = TalkAsync();
    }

    /// <summary>The most managed memory seen.</summary>
    public long MostBytes => Interlocked.Read(ref _mostBytes);

    public static async Task<Bystander> JoinAsync(TestServer server, string name = "bystander")
    {
        var node = await server.JoinAsync(name);
        return new Bystander(node, await node.LinkAsync());
    }

    /// <summary>It is served still: an envelope that is sent from now on comes back, and a call is answered.</summary>
    public async Task AssertServedAsync()
    {
        int before = Volatile.Read(ref _told);
        using var patience = new CancellationTokenSource(TestServer.Patience);
        while (Volatile.Read(ref _told) < before + 2)
        {
            Assert.False(_talking.IsCompleted, $"The bystander was cut off: {_talking.Exception}");
            await _node.Coordinator.GetStatusAsync(new StatusRequest(), cancellationToken: patience.Token);
        }

        Assert.True((await _node.Coordinator.GetStatusAsync(new StatusRequest(), _node.Call)).NodesPresent >= 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        try
        {
            await _talking;
        }
        catch (Exception e) when (e is OperationCanceledException or RpcException && _end.IsCancellationRequested)
        {
            // It was told to stop.
        }

        _link.Dispose();
        _end.Dispose();
    }

    private async Task TalkAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            byte[] said = BitConverter.GetBytes(_told);
            await _link.RequestStream.WriteAsync(new Envelope { Peer = Field.Of(_node.Id), Content = ByteString.CopyFrom(said) }, _end.Token);
            Assert.True(await _link.ResponseStream.MoveNext(_end.Token));
            Assert.Equal(said, _link.ResponseStream.Current.Content.ToByteArray());
            Interlocked.Increment(ref _told);
            Interlocked.Exchange(ref _mostBytes, Math.Max(_mostBytes, GC.GetTotalMemory(forceFullCollection: false)));
        }
    }
}
