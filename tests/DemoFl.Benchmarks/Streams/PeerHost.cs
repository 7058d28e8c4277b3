using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Benchmarks.Streams;

/// <summary>The other process: a server for both sides, set up as the product's, on a free port of the loopback.</summary>
internal static class PeerHost
{
    /// <summary>Where a client asks for the CPU time this process has used, in ticks of <see cref="TimeSpan"/>.</summary>
    public const string CpuPath = "/cpu";

    /// <summary>Serves until the standard input ends; the first line of output is the address.</summary>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(SetUp);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, DemoFl.Relay.Hosting.BlockPool>();
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService<FlowService>();
        app.MapGrpcService(FrameMethods.Define());
        BareEndpoints.Map(app);
        app.MapGet(CpuPath, (HttpContext http) => http.Response.WriteAsync(
            Environment.CpuUsage.TotalTime.Ticks.ToString(CultureInfo.InvariantCulture)));
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        while (await Console.In.ReadLineAsync() is not null)
        {
        }

        await app.StopAsync();
    }

    private static void SetUp(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxRequestBodySize = null;
        kestrel.Limits.MinRequestBodyDataRate = null;
        kestrel.Limits.MinResponseDataRate = null;
        kestrel.Limits.Http2.InitialStreamWindowSize = Connection.StreamWindowBytes;
        kestrel.Limits.Http2.InitialConnectionWindowSize = Connection.ConnectionWindowBytes;
        kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
    }
}
