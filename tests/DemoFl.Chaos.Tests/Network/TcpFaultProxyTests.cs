using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Tests.Network;

public sealed class TcpFaultProxyTests
{
    /// <summary>For what comes: long enough for a machine with other work.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>For what must not come.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromMilliseconds(300);

    [Fact]
    public async Task Link_WithoutFault_PassesAllBytesAndBothEnds()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        byte[] sent = new byte[3_000_000];
        new Random(1).NextBytes(sent);

        var received = ReadAllAsync(pair.Server);
        await pair.Client.SendAsync(sent);
        pair.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal(sent, await received.WaitAsync(Patience));
        await pair.Server.SendAsync("back"u8.ToArray());
        pair.Server.Shutdown(SocketShutdown.Send);
        Assert.Equal("back"u8.ToArray(), await ReadAllAsync(pair.Client).WaitAsync(Patience));
    }

    [Fact]
    public async Task Up_WithBandwidth_TakesAtLeastItsTimeAndLeavesTheOtherDirectionAlone()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        pair.Proxy.Up.BytesPerSecond = 400_000;
        long began = Stopwatch.GetTimestamp();

        var up = ReadAsync(pair.Server, 200_000);
        await pair.Client.SendAsync(new byte[200_000]);
        var down = ReadAsync(pair.Client, 200_000);
        await pair.Server.SendAsync(new byte[200_000]);
        await down.WaitAsync(Patience);

        Assert.False(up.IsCompleted);
        await up.WaitAsync(Patience);
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.45, Patience.TotalSeconds);
    }

    [Fact]
    public async Task Up_BandwidthOfALink_IsSharedByItsConnections()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        var (client, server) = await pair.AnotherAsync();
        using var _ = client;
        pair.Proxy.Up.BytesPerSecond = 400_000;
        long began = Stopwatch.GetTimestamp();

        await pair.Client.SendAsync(new byte[100_000]);
        await client.SendAsync(new byte[100_000]);
        await Task.WhenAll(ReadAsync(pair.Server, 100_000), ReadAsync(server, 100_000)).WaitAsync(Patience);

        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.45, Patience.TotalSeconds);
        server.Dispose();
    }

    [Fact]
    public async Task Down_WithDelay_ArrivesLaterInOrderAndManyAtOnce()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        pair.Proxy.Down.Delay = TimeSpan.FromMilliseconds(250);
        long began = Stopwatch.GetTimestamp();

        for (byte i = 0; i < 20; i++)
        {
            await pair.Server.SendAsync(new[] { i });
        }

        Assert.Equal(Enumerable.Range(0, 20).Select(i => (byte)i), await ReadAsync(pair.Client, 20).WaitAsync(Patience));

        // A delay holds back, it does not thin out: twenty of them in a row would be five seconds.
        Assert.InRange(Stopwatch.GetElapsedTime(began).TotalSeconds, 0.25, 4);
    }

    [Fact]
    public async Task Stall_OfALink_NothingPassesNothingEndsAndAfterwardsNothingIsMissing()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        pair.Proxy.Stall();
        var received = ReadAsync(pair.Server, 4);
        await pair.Client.SendAsync("held"u8.ToArray());

        await Assert.ThrowsAsync<TimeoutException>(() => received.WaitAsync(Silence));
        Assert.Single(pair.Proxy.Connections);

        pair.Proxy.Heal();
        Assert.Equal("held"u8.ToArray(), await received.WaitAsync(Patience));
    }

    [Fact]
    public async Task Stall_OfALink_FillsTheSendersBuffers()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        pair.Proxy.Up.Stall();

        using var given = new CancellationTokenSource(Silence);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            while (true)
            {
                await pair.Client.SendAsync(new byte[1 << 20], given.Token);
            }
        });
    }

    [Fact]
    public async Task Stall_OfOneConnection_LeavesTheOthersAlone()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        var (client, server) = await pair.AnotherAsync();
        using var _ = client;
        await pair.Client.SendAsync("/demofl.v1.Coordinator/Heartbeat"u8.ToArray());
        await client.SendAsync("/demofl.v1.Relay/Link"u8.ToArray());
        await ReadAsync(pair.Server, 32).WaitAsync(Patience);
        await ReadAsync(server, 21).WaitAsync(Patience);

        Assert.Single(pair.Proxy.Connections, c => c.HasSent("Coordinator/Heartbeat")).Up.Stall();
        await pair.Client.SendAsync("x"u8.ToArray());
        await client.SendAsync("y"u8.ToArray());

        Assert.Equal("y"u8.ToArray(), await ReadAsync(server, 1).WaitAsync(Patience));
        await Assert.ThrowsAsync<TimeoutException>(() => ReadAsync(pair.Server, 1).WaitAsync(Silence));
        server.Dispose();
    }

    [Fact]
    public async Task Heal_FaultsOfOneConnection_EndToo()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        await pair.Client.SendAsync("first"u8.ToArray());
        await ReadAsync(pair.Server, 5).WaitAsync(Patience);
        var own = Assert.Single(pair.Proxy.Connections);
        own.Up.BytesPerSecond = 100;
        own.Down.Stall();

        pair.Proxy.Heal();
        await pair.Client.SendAsync(new byte[100_000]);
        await pair.Server.SendAsync("back"u8.ToArray());

        await ReadAsync(pair.Server, 100_000).WaitAsync(Patience);
        await ReadAsync(pair.Client, 4).WaitAsync(Patience);
    }

    [Fact]
    public async Task UntilPassedAsync_InTheMiddleOfATransfer_TellsHowMuchHasArrived()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        pair.Proxy.Up.BytesPerSecond = 200_000;
        await pair.Client.SendAsync(new byte[100_000]);

        await pair.Proxy.Up.UntilPassedAsync(40_000, CancellationToken.None).WaitAsync(Patience);
        await ReadAsync(pair.Server, 40_000).WaitAsync(Patience);
        Assert.InRange(pair.Proxy.Up.PassedBytes, 40_000, 100_000);

        await ReadAsync(pair.Server, 60_000).WaitAsync(Patience);
        await pair.Proxy.Up.UntilPassedAsync(100_000, CancellationToken.None).WaitAsync(Patience);
        Assert.Equal(100_000, pair.Proxy.Up.PassedBytes);
    }

    [Fact]
    public async Task ResetAll_OpenConnections_BothSidesSeeAReset()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        await pair.Client.SendAsync("x"u8.ToArray());
        await ReadAsync(pair.Server, 1).WaitAsync(Patience);

        pair.Proxy.ResetAll();

        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(pair.Client));
        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(pair.Server));
        var (client, server) = await pair.AnotherAsync();
        (client.NoDelay, server.NoDelay) = (true, true);
        await client.SendAsync("again"u8.ToArray());
        Assert.Equal("again"u8.ToArray(), await ReadAsync(server, 5).WaitAsync(Patience));
        client.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task Drop_OneWay_BytesAndEndAreLostAndTheOtherWayPasses()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        pair.Proxy.Up.IsDropping = true;
        var received = ReadAsync(pair.Server, 1);

        await pair.Client.SendAsync("lost"u8.ToArray());
        await pair.Server.SendAsync("through"u8.ToArray());
        Assert.Equal("through"u8.ToArray(), await ReadAsync(pair.Client, 7).WaitAsync(Patience));
        pair.Client.Shutdown(SocketShutdown.Send);
        await Assert.ThrowsAsync<TimeoutException>(() => received.WaitAsync(Silence));

        // What lost bytes stays mute; a new connection does not know of them.
        pair.Proxy.Heal();
        await Assert.ThrowsAsync<TimeoutException>(() => received.WaitAsync(Silence));
        var (client, server) = await pair.AnotherAsync();
        await client.SendAsync("new"u8.ToArray());
        Assert.Equal("new"u8.ToArray(), await ReadAsync(server, 3).WaitAsync(Patience));
        client.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task IsRefusing_NewConnections_AreResetAndOpenOnesStay()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        pair.Proxy.IsRefusing = true;

        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(pair.Proxy));
        await pair.Client.SendAsync("stays"u8.ToArray());
        Assert.Equal("stays"u8.ToArray(), await ReadAsync(pair.Server, 5).WaitAsync(Patience));
    }

    [Fact]
    public async Task Target_ThatDoesNotListen_EndsTheConnection()
    {
        await using var pair = await ProxiedPair.ConnectAsync();
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await using var proxy = TcpFaultProxy.Start((IPEndPoint)nobody.LocalEndPoint!);

        Assert.Equal(SocketError.ConnectionReset, await FailureAsync(proxy));
    }

    private static async Task<byte[]> ReadAsync(Socket socket, int bytes)
    {
        byte[] read = new byte[bytes];
        for (int length = 0; length < bytes;)
        {
            int more = await socket.ReceiveAsync(read.AsMemory(length));
            Assert.NotEqual(0, more);
            length += more;
        }

        return read;
    }

    private static async Task<byte[]> ReadAllAsync(Socket socket)
    {
        using var all = new MemoryStream();
        byte[] chunk = new byte[64 * 1024];
        while (await socket.ReceiveAsync(chunk) is > 0 and var length)
        {
            all.Write(chunk, 0, length);
        }

        return all.ToArray();
    }

    /// <summary>How a new connection fails: while it is made, when the reset is quick, or when it is read.</summary>
    private static async Task<SocketError> FailureAsync(TcpFaultProxy proxy)
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var failure = await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(proxy.Address).WaitAsync(Patience);
            await client.ReceiveAsync(new byte[1]).WaitAsync(Patience);
        });
        return failure.SocketErrorCode;
    }

    private static async Task<SocketError> FailureAsync(Socket socket)
    {
        var failure = await Assert.ThrowsAsync<SocketException>(() => socket.ReceiveAsync(new byte[1]).WaitAsync(Patience));
        return failure.SocketErrorCode;
    }
}
