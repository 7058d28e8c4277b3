using System.Net;
using DemoFl.Rpc.Tests.Protos;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace DemoFl.Rpc.Tests;

/// <summary>An HTTP/2 server that answers what the test tells it to, with a client of ours.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;

    private RawServer(WebApplication app, GrpcChannelOptions options)
    {
        _app = app;
        _channel = GrpcChannel.ForAddress(app.Urls.First(), options);
        Client = new Echo.EchoClient(_channel);
    }

    public Echo.EchoClient Client { get; }

    public static async Task<RawServer> StartAsync(RequestDelegate respond, GrpcChannelOptions? options = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(
            kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.Run(respond);
        await app.StartAsync();
        return new RawServer(app, options ?? new GrpcChannelOptions());
    }

    /// <summary>Answers with a body and, unless it is null, a status in the trailers.</summary>
    public static async Task RespondAsync(HttpContext http, byte[] body, string? status)
    {
        http.Response.ContentType = "application/grpc";
        await http.Response.Body.WriteAsync(body);
        await http.Response.Body.FlushAsync();
        if (status is not null) http.Response.AppendTrailer("grpc-status", status);
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
