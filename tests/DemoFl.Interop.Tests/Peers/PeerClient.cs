using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>What the peer's client found when it ran all its cases against our server.</summary>
public sealed class PeerClient<TPeer> : IAsyncLifetime
    where TPeer : Peer, new()
{
    /// <summary>What it found; without cases where the peer is missing.</summary>
    public CaseOutcomes Outcomes { get; private set; } = new(new Dictionary<string, string?>());

    /// <summary>The message encodings that requests and their responses named, as keys.</summary>
    public ConcurrentDictionary<(string Request, string Response), ValueTuple> Encodings { get; } = new();

    public async Task InitializeAsync()
    {
        using var peer = new TPeer();
        if (peer.Missing is not null) return;

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => options.ResponseCompressionAlgorithm = "gzip");
        builder.Services.AddSingleton<InteropService>();
        await using var app = builder.Build();
        app.Use(async (call, next) =>
        {
            await next(call);
            Encodings.TryAdd((call.Request.Headers["grpc-encoding"].ToString(), call.Response.Headers["grpc-encoding"].ToString()), default);
        });
        app.MapGrpcService<InteropService>();
        await app.StartAsync();
        Outcomes = await peer.RunClientAsync("client", new Uri(app.Urls.First()).Authority);
        await app.StopAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;
}
