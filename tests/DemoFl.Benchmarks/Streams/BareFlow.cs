using System.Net;

namespace DemoFl.Benchmarks.Streams;

/// <summary>HttpClient's handler by itself: bodies of the same pieces, without messages.</summary>
internal sealed class BareFlow(Uri server) : IFlow
{
    private readonly HttpMessageInvoker _http = new(Connection.CreateHandler());

    public async Task UploadAsync(int pieces)
    {
        using var response = await SendAsync("/bare/upload", new PiecesContent(pieces));
        var total = Protos.Total.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync());
        ByteTotal.OfRepeated(Payload.Piece.Span, pieces).MustBe(total);
    }

    public async Task DownloadAsync(int pieces)
    {
        using var response = await SendAsync($"/bare/download?pieces={pieces}", null);
        await ReceiveAsync(response, pieces);
    }

    public async Task ExchangeAsync(int pieces)
    {
        using var response = await SendAsync("/bare/exchange", new PiecesContent(pieces));
        await ReceiveAsync(response, pieces);
    }

    public Task PingAsync(int calls) => Connection.RepeatAsync(calls, async () =>
    {
        using var response = await SendAsync("/bare/ping", new ReadOnlyMemoryContent(Payload.Small));
        var answer = await response.Content.ReadAsByteArrayAsync();
        if (!answer.AsSpan().SequenceEqual(Payload.Small.Span)) throw new InvalidDataException("The answer is not the question.");
    });

    public void Dispose() => _http.Dispose();

    private static async Task ReceiveAsync(HttpResponseMessage response, int pieces)
    {
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[Payload.Piece.Length];
        var total = default(ByteTotal);
        int read;
        while ((read = await body.ReadAsync(buffer)) > 0)
            total.Add(buffer.AsSpan(0, read));
        total.MustBe(ByteTotal.OfRepeated(Payload.Piece.Span, pieces));
    }

    private async Task<HttpResponseMessage> SendAsync(string path, HttpContent? content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server, path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var response = await _http.SendAsync(request, CancellationToken.None);
        return response.EnsureSuccessStatusCode();
    }

    /// <summary>A body written piece by piece, with no flush in between: the handler sends what fills its buffer.</summary>
    private sealed class PiecesContent(int pieces) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < pieces; i++)
                await stream.WriteAsync(Payload.Piece);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
