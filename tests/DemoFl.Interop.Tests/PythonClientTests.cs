using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Interop.Tests;

/// <summary>Python's client against our server.</summary>
public sealed class PythonClientTests
{
    [PythonFact]
    public async Task PythonClient_EveryCase_HoldsAgainstOurServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<InteropService>();
        await using var app = builder.Build();
        app.MapGrpcService<InteropService>();
        await app.StartAsync();
        using var stubs = new PythonStubs();

        var held = await stubs.RunAsync("client.py", new Uri(app.Urls.First()).Authority);

        Assert.Equal(
            ["unary", "client_streaming", "server_streaming", "duplex", "status", "metadata", "deadline", "cancellation", "gzip", "unimplemented"],
            held);
        await app.StopAsync();
    }
}
