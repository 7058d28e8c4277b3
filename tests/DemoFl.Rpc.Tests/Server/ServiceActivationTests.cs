using System.Net;
using DemoFl.Rpc.Tests.Protos;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Rpc.Tests.Server;

/// <summary>Where a service's instance comes from, and how its routes behave.</summary>
public sealed class ServiceActivationTests
{
    [Fact]
    public async Task Service_NotRegistered_IsMadeAndDisposedPerCall()
    {
        var counts = new Counts();
        await RunAsync(
            services => services.AddSingleton(counts),
            app => app.MapGrpcService<CountingEcho>(),
            async client =>
            {
                await client.SayAsync(new EchoMessage());
                await client.SayAsync(new EchoMessage());
            });

        Assert.Equal((2, 2), (counts.Made, counts.Disposed));
    }

    [Fact]
    public async Task Service_Singleton_IsMadeOnce()
    {
        var counts = new Counts();
        await RunAsync(
            services => services.AddSingleton(counts).AddSingleton<CountingEcho>(),
            app => app.MapGrpcService<CountingEcho>(),
            async client =>
            {
                await client.SayAsync(new EchoMessage());
                await client.SayAsync(new EchoMessage());
                Assert.Equal((1, 0), (counts.Made, counts.Disposed));
            });
    }

    [Fact]
    public async Task Definition_OfOneInstance_ServesAllKinds()
    {
        await RunAsync(
            _ => { },
            app => app.MapGrpcService(Echo.BindService(new ScriptedEcho())),
            async client =>
            {
                Assert.Equal("a", (await client.SayAsync(new EchoMessage { Text = "a" })).Text);
                using var collect = client.Collect();
                await collect.RequestStream.WriteAsync(new EchoMessage { Text = "b" });
                await collect.RequestStream.CompleteAsync();
                Assert.Equal("b", (await collect).Text);
                using var repeat = client.Repeat(new EchoMessage { Count = 1 });
                Assert.True(await repeat.ResponseStream.MoveNext());
                using var chat = client.Chat();
                await chat.RequestStream.WriteAsync(new EchoMessage { Text = "c" });
                Assert.True(await chat.ResponseStream.MoveNext());
                Assert.Equal("c", chat.ResponseStream.Current.Text);
            });
    }

    [Fact]
    public async Task DetailedErrors_Enabled_ShowTheException()
    {
        await using var host = await EchoHost.StartAsync(tls: false, options => options.EnableDetailedErrors = true);
        host.Echo.OnSay = (_, _) => throw new InvalidOperationException("the reason");

        var refusal = await Assert.ThrowsAsync<RpcException>(() => host.Client.SayAsync(new EchoMessage()).ResponseAsync);

        Assert.Equal("Exception was thrown by handler. InvalidOperationException: the reason", refusal.Status.Detail);
        Assert.Single(host.TakeErrors());
    }

    [Fact]
    public void Map_WithoutAddGrpc_SaysWhatToDo()
    {
        using var app = (IDisposable)WebApplication.CreateSlimBuilder().Build();

        var mistake = Assert.Throws<InvalidOperationException>(() => ((IEndpointRouteBuilder)app).MapGrpcService<ScriptedEcho>());

        Assert.Contains("AddGrpc", mistake.Message, StringComparison.Ordinal);
    }

    private static async Task RunAsync(Action<IServiceCollection> register, Action<WebApplication> map, Func<Echo.EchoClient, Task> use)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        register(builder.Services);
        await using var app = builder.Build();
        map(app);
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.First());
        await use(new Echo.EchoClient(channel));
        await app.StopAsync();
    }

    public sealed class Counts
    {
        public int Made { get; set; }

        public int Disposed { get; set; }
    }

    public sealed class CountingEcho : Echo.EchoBase, IDisposable
    {
        private readonly Counts _counts;

        public CountingEcho(Counts counts)
        {
            _counts = counts;
            counts.Made++;
        }

        public override Task<EchoMessage> Say(EchoMessage request, ServerCallContext context) => Task.FromResult(request);

        public void Dispose() => _counts.Disposed++;
    }
}
