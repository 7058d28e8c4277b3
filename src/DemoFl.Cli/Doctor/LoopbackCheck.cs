using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Doctor;

/// <summary>A real call over HTTP/2 to a server in this process, on a free port of the loopback interface.</summary>
internal static class LoopbackCheck
{
    private const string Fix = "allow this program to listen and connect on 127.0.0.1 (firewall, sandbox, container).";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<Finding> RunAsync(CancellationToken cancellation)
    {
        try
        {
            await using var web = Build();
            await web.StartAsync(cancellation);
            web.Services.GetRequiredService<HealthServiceImpl>().SetStatus("", HealthCheckResponse.Types.ServingStatus.Serving);
            using var channel = GrpcChannel.ForAddress(web.Urls.Single());
            return await CallAsync(new Health.HealthClient(channel), cancellation);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is IOException or SocketException or RpcException)
        {
            return Finding.Fail("loopback", e.GetBaseException().Message, Fix);
        }
    }

    private static async Task<Finding> CallAsync(Health.HealthClient client, CancellationToken cancellation)
    {
        // The first call pays for the connection and for compiling; the second is what a call costs.
        var options = new CallOptions(deadline: DateTime.UtcNow + Patience, cancellationToken: cancellation);
        await client.CheckAsync(new HealthCheckRequest(), options);
        long start = Stopwatch.GetTimestamp();
        var answer = await client.CheckAsync(new HealthCheckRequest(), options);
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return answer.Status == HealthCheckResponse.Types.ServingStatus.Serving
            ? Finding.Ok("loopback", string.Create(CultureInfo.InvariantCulture, $"a gRPC call over HTTP/2 in {milliseconds:0.0} ms"))
            : Finding.Fail("loopback", $"something else answers there: {answer.Status}", Fix);
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<HealthServiceImpl>();
        var web = builder.Build();
        web.MapGrpcService<HealthServiceImpl>();
        return web;
    }
}
