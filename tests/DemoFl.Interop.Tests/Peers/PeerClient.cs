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
    private IReadOnlyDictionary<string, string?> _outcomes = new Dictionary<string, string?>();

    /// <summary>The message encodings that the requests named, as keys.</summary>
    public ConcurrentDictionary<string, ValueTuple> RequestEncodings { get; } = new();

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
        app.Use((call, next) =>
        {
            RequestEncodings.TryAdd(call.Request.Headers["grpc-encoding"].ToString(), default);
            return next(call);
        });
        app.MapGrpcService<InteropService>();
        await app.StartAsync();
        _outcomes = await peer.RunClientAsync(new Uri(app.Urls.First()).Authority);
        await app.StopAsync();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    /// <summary>Fails unless the case was run and held.</summary>
    public void AssertHeld(string name)
    {
        Assert.True(_outcomes.TryGetValue(name, out var failure), $"The client has no case '{name}'.");
        Assert.True(failure is null, failure);
    }
}
