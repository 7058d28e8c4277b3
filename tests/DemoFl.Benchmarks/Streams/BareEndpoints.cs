using System.Globalization;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace DemoFl.Benchmarks.Streams;

/// <summary>The server's end of <see cref="BareFlow"/>: Kestrel's own body reader and writer.</summary>
internal static class BareEndpoints
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/bare/upload", UploadAsync);
        routes.MapPost("/bare/download", DownloadAsync);
        routes.MapPost("/bare/exchange", EchoAsync);
        routes.MapPost("/bare/ping", EchoAsync);
    }

    private static async Task UploadAsync(HttpContext http)
    {
        var total = default(ByteTotal);
        var body = http.Request.BodyReader;
        while (true)
        {
            var result = await body.ReadAsync();
            foreach (var segment in result.Buffer)
                total.Add(segment.Span);
            body.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted) break;
        }

        await http.Response.BodyWriter.WriteAsync(total.ToMessage().ToByteArray());
    }

    private static async Task DownloadAsync(HttpContext http)
    {
        var pieces = int.Parse(http.Request.Query["pieces"]!, CultureInfo.InvariantCulture);
        await http.Response.StartAsync();
        for (var i = 0; i < pieces; i++)
            await http.Response.BodyWriter.WriteAsync(Payload.Piece);
    }

    private static async Task EchoAsync(HttpContext http)
    {
        await http.Response.StartAsync();
        await http.Request.BodyReader.CopyToAsync(http.Response.BodyWriter);
    }
}
