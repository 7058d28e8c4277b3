using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace DemoFl.Cli.Tests.Data;

/// <summary>An HTTP server on a free loopback port with the given files; every other path is not found.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly List<string> _requests = [];

    private FileServer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The paths asked for, in order.</summary>
    public IReadOnlyList<string> Requests => _requests;

    public static async Task<FileServer> StartAsync(IReadOnlyDictionary<string, byte[]> files)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new FileServer(builder.Build());
        server._app.Run(async context =>
        {
            var path = context.Request.Path.Value!;
            server._requests.Add(path);
            if (files.TryGetValue(path, out var content)) await context.Response.Body.WriteAsync(content);
            else context.Response.StatusCode = StatusCodes.Status404NotFound;
        });
        await server._app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
