using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using DemoFl.Identity;
using DemoFl.Relay.Hosting;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using Grpc.Health.V1;

namespace DemoFl.Relay.Tests.Hosting;

public sealed class ServerStartTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly IdentityKey _key = IdentityKey.Create();

    public void Dispose()
    {
        _folder.Dispose();
        _key.Dispose();
    }

    [Fact]
    public async Task StartAsync_WithPages_ServesThemOnAPortOfTheirOwn()
    {
        await using var server = await TestServer.StartAsync(_folder.Path, change: s => s with { HttpPort = 0 });
        await server.JoinAsync("alice");
        await server.Observer.NextAsync<Protocol.CoordinatorEvent.WaitingForNodes>();
        using var http = new HttpClient { BaseAddress = server.Server.Pages };
        Assert.NotEqual(server.Server.Address.Port, server.Server.Pages!.Port);
        Assert.Equal("ok\n", await http.GetStringAsync("/healthz"));
        Assert.Contains("of 1 committed", await http.GetStringAsync("/"), StringComparison.Ordinal);
        using var response = await http.GetAsync("/status.json");
        using var status = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("Gathering", status.RootElement.GetProperty("phase").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/nothing")).StatusCode);
    }

    [Fact]
    public async Task StartAsync_WithoutPages_HasNone()
    {
        await using var server = await TestServer.StartAsync(_folder.Path);
        Assert.Null(server.Server.Pages);
        using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = server.Server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz")
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        Assert.Equal(HttpStatusCode.NotFound, (await http.SendAsync(request)).StatusCode);
    }

    [Fact]
    public async Task Health_OfARunningServer_IsServing()
    {
        await using var server = await TestServer.StartAsync(_folder.Path);
        var answer = await new Health.HealthClient(server.Connect()).CheckAsync(new HealthCheckRequest());
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, answer.Status);
    }

    [Fact]
    public async Task GetStatus_OfARunningServer_NeedsNoSession()
    {
        await using var server = await TestServer.StartAsync(_folder.Path);
        var status = await new Coordinator.CoordinatorClient(server.Connect()).GetStatusAsync(new StatusRequest());
        Assert.Equal(("Gathering", 1u, 0u), (status.Phase, status.RoundsWanted, status.RoundsCommitted));
    }

    [Fact]
    public async Task StartAsync_OnAPortInUse_SaysWhichAndWhatToDoAndLeavesTheFolderUsable()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;
        foreach (var change in new Func<ServerSettings, ServerSettings>[] { s => s with { Port = port }, s => s with { HttpPort = port } })
        {
            var refused = await Assert.ThrowsAsync<IOException>(() => TestServer.StartAsync(_folder.Path, change: change));
            Assert.Contains($"127.0.0.1:{port}", refused.Message, StringComparison.Ordinal);
            Assert.Contains("--port", refused.Message, StringComparison.Ordinal);
        }

        await using var server = await TestServer.StartAsync(_folder.Path);
    }

    [Fact]
    public async Task StartAsync_TwiceInOneFolder_IsRefused()
    {
        await using var server = await TestServer.StartAsync(_folder.Path);
        await Assert.ThrowsAsync<IOException>(() => TestServer.StartAsync(_folder.Path));
        await Assert.ThrowsAsync<IOException>(() => TestServer.StartAsync(_folder.Path, change: s => s with { Resume = true }));
    }

    [Fact]
    public async Task StartAsync_WithBadSettings_ReportsAllOfThemAndTouchesNothing()
    {
        var settings = TestServer.Settings(_folder.File("run"), _key) with
        {
            Address = IPAddress.Any, Port = -1, HttpPort = 65_536, VectorMemoryBudget = -1,
        };
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Server.StartAsync(settings, Some.Job(), new RecordingObserver(), _ => { }));
        foreach (string expected in new[] { "--insecure", "--port is -1", "--http-port is 65536", "-1 bytes" })
        {
            Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(_folder.File("run")));
    }

    [Fact]
    public void Errors_OfPlaintextBeyondLoopback_AskForTlsOrConsent()
    {
        var settings = TestServer.Settings("unused", _key);
        Assert.Empty(settings.Errors());
        Assert.Empty((settings with { Address = IPAddress.IPv6Loopback }).Errors());
        Assert.Single((settings with { Address = IPAddress.Parse("192.0.2.1") }).Errors());
        Assert.Single((settings with { Address = IPAddress.IPv6Any }).Errors());
        Assert.Empty((settings with { Address = IPAddress.Any, Insecure = true }).Errors());
        Assert.Empty((settings with { Port = 0, HttpPort = 0 }).Errors());
        Assert.Single((settings with { Port = 5000, HttpPort = 5000 }).Errors());
        Assert.Empty((settings with { VectorMemoryBudget = 0 }).Errors());
    }
}
