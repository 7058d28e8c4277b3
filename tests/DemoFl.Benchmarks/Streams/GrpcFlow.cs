using DemoFl.Benchmarks.Protos;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Benchmarks.Streams;

/// <summary>Our gRPC with generated stubs, as nodes use it.</summary>
internal sealed class GrpcFlow : IFlow
{
    private readonly GrpcChannel _channel;
    private readonly Flow.FlowClient _client;

    public GrpcFlow(Uri server)
    {
        _channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = Connection.CreateHandler(), DisposeHttpClient = true });
        _client = new Flow.FlowClient(_channel);
    }

    public async Task UploadAsync(int pieces)
    {
        using var call = _client.Upload();
        await SendAsync(call.RequestStream, pieces);
        ByteTotal.OfRepeated(Payload.Piece.Span, pieces).MustBe(await call);
    }

    public async Task DownloadAsync(int pieces)
    {
        using var call = _client.Download(new Order { Pieces = pieces });
        await ReceiveAsync(call.ResponseStream, pieces);
    }

    public async Task ExchangeAsync(int pieces)
    {
        using var call = _client.Exchange();
        await Task.WhenAll(SendAsync(call.RequestStream, pieces), ReceiveAsync(call.ResponseStream, pieces));
    }

    public Task PingAsync(int calls) => Connection.RepeatAsync(calls, async () =>
    {
        var answer = await _client.PingAsync(new Piece { Bytes = UnsafeByteOperations.UnsafeWrap(Payload.Small) });
        if (!answer.Bytes.Span.SequenceEqual(Payload.Small.Span)) throw new InvalidDataException("The answer is not the question.");
    });

    public void Dispose() => _channel.Dispose();

    private static async Task SendAsync(IClientStreamWriter<Piece> requests, int pieces)
    {
        requests.WriteOptions = Connection.Gathering;
        for (var i = 0; i < pieces; i++)
            await requests.WriteAsync(new Piece { Bytes = UnsafeByteOperations.UnsafeWrap(Payload.Piece) });
        await requests.CompleteAsync();
    }

    private static async Task ReceiveAsync(IAsyncStreamReader<Piece> responses, int pieces)
    {
        var total = default(ByteTotal);
        await foreach (var piece in responses.ReadAllAsync())
            total.Add(piece.Bytes.Span);
        total.MustBe(ByteTotal.OfRepeated(Payload.Piece.Span, pieces));
    }
}
