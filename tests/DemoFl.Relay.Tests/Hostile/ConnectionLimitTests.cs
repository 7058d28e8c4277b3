using DemoFl.Relay.Peers;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using Grpc.Core;
using static DemoFl.Relay.Tests.Hostile.Http2Frame;

namespace DemoFl.Relay.Tests.Hostile;

/// <summary>More connections and calls than there is room for.</summary>
public sealed class ConnectionLimitTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualClock _clock = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Connections_BeyondAnAddressesUnjoined_AreClosedAndMembersStay()
    {
        await using var server = await StartAsync(new HostLimits { MaxUnjoinedPerAddress = 2 });
        await using var alice = await Bystander.JoinAsync(server);
        await using var bob = await Bystander.JoinAsync(server, "bob");
        await using (var first = await SettledAsync(server))
        await using (var second = await SettledAsync(server))
        {
            await using var third = await RawConnection.GreetAsync(server.Server.Address);
            Assert.Null(await third.EndingAsync());
            await server.AuditedAsync("limit_reached", "2 from one address are connected without a session");
            Assert.True(await first.SayAsync(Of(Ping, 0, 0, new byte[8])));
            await second.SayAsync(Of(Ping, 0, 0, new byte[8]));
            await second.ExpectAsync(Ping);
            await alice.AssertServedAsync();

            // The deadline makes room.
            _clock.Advance(new HostLimits().JoinDeadline);
            await first.EndingAsync();
            await second.EndingAsync();
        }

        // The server counts a connection until it has finished closing it, which no client sees.
        for (bool isTaken = false; !isTaken;)
        {
            await using var next = await RawConnection.GreetAsync(server.Server.Address);
            isTaken = await next.HearsAsync(Settings);
        }

        await bob.AssertServedAsync();
    }

    [Fact]
    public async Task Connections_BeyondAll_AreClosedWithALine()
    {
        await using var server = await StartAsync(new HostLimits { MaxConnections = 2 });
        await using var alice = await Bystander.JoinAsync(server);
        await using var first = await SettledAsync(server);
        await using var second = await RawConnection.GreetAsync(server.Server.Address);
        Assert.Null(await second.EndingAsync());
        await server.AuditedAsync("limit_reached", "2 in all are connected");
        await alice.AssertServedAsync();
    }

    [Fact]
    public async Task Calls_BeyondAnAddressesUnjoined_GetAStatusAndALine()
    {
        await using var server = await StartAsync(new HostLimits { MaxUnjoinedCallsPerAddress = 2 });
        await using var alice = await Bystander.JoinAsync(server);
        await using var connection = await RawConnection.GreetAsync(server.Server.Address);
        for (int stream = 1; stream <= 3; stream += 2)
        {
            await connection.SayAsync(Of(Headers, EndHeaders, stream, CallHeaders("/demofl.v1.Coordinator/Attend")));
        }

        await connection.SayAsync(Of(Headers, EndHeaders, 5, CallHeaders("/demofl.v1.Coordinator/Attend")));
        await server.AuditedAsync("limit_reached", "2 from one address are open without a session");
        var client = new Coordinator.CoordinatorClient(server.Connect());
        var refused = await Assert.ThrowsAsync<RpcException>(() => client.GetStatusAsync(new StatusRequest()).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);

        // A member's calls are not counted.
        await alice.AssertServedAsync();
        await connection.DisposeAsync();
    }

    [Fact]
    public async Task Connection_ThatWasAnsweredAndIsIdle_IsClosedWithoutALine()
    {
        await using var server = await StartAsync(new HostLimits());
        var client = new Coordinator.CoordinatorClient(server.Connect());
        await client.GetStatusAsync(new StatusRequest());
        _clock.Advance(new HostLimits().JoinDeadline);
        await client.GetStatusAsync(new StatusRequest());
        Assert.Empty(AuditReader.Text(_folder.File("audit.jsonl")));
    }

    [Fact]
    public async Task TlsHandshake_ThatIsNone_IsClosedWithALine()
    {
        await using var server = await StartAsync(new HostLimits(), tls: true);
        await using var alice = await Bystander.JoinAsync(server);
        await using var connection = await RawConnection.ConnectAsync(Plain(server), reads: false);
        await connection.SayAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        await connection.TextAsync();
        await server.AuditedAsync("protocol_violation", "the TLS handshake failed");
        await alice.AssertServedAsync();
    }

    [Fact]
    public async Task TlsHandshake_ThatStops_IsClosedAtTheDeadlineWithALine()
    {
        var limits = new HostLimits { TlsHandshakeDeadline = TimeSpan.FromSeconds(5), JoinDeadline = TimeSpan.FromMinutes(5) };
        await using var server = await TestServer.StartAsync(_folder.Path, change: s => s with { Certificate = TestTls.Certificate, Limits = limits });
        await using var alice = await Bystander.JoinAsync(server);
        await using var connection = await RawConnection.ConnectAsync(Plain(server), reads: false);

        // The beginning of a ClientHello of 512 bytes.
        await connection.SayAsync([0x16, 3, 1, 2, 0, 1]);
        await connection.TextAsync();
        await server.AuditedAsync("deadline_expired", "no TLS handshake within 5 s");
        await alice.AssertServedAsync();
    }

    private static Uri Plain(TestServer server) => new UriBuilder(server.Server.Address) { Scheme = Uri.UriSchemeHttp }.Uri;

    /// <summary>A connection that the server has taken.</summary>
    private static async Task<RawConnection> SettledAsync(TestServer server)
    {
        var connection = await RawConnection.GreetAsync(server.Server.Address);
        await connection.ExpectAsync(Settings);
        return connection;
    }

    private Task<TestServer> StartAsync(HostLimits limits, bool tls = false) => TestServer.StartAsync(
        _folder.Path, change: s => s with { Limits = limits, Certificate = tls ? TestTls.Certificate : null }, clock: _clock);
}
