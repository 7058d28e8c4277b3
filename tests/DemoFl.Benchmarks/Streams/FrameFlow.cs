using DemoFl.Benchmarks.Protos;
using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Benchmarks.Streams;

/// <summary>Our gRPC without protobuf: what the stack costs by itself.</summary>
internal sealed class FrameFlow : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _invoker;

    public FrameFlow(Uri server)
    {
        _channel = GrpcChannel.ForAddress(server, new GrpcChannelOptions { HttpHandler = Connection.CreateHandler(), DisposeHttpClient = true });
        _invoker = _channel.CreateCallInvoker();
    }

    /// <summary>Sends pieces.</summary>
    public async Task UploadAsync(int pieces)
    {
        using var call = _invoker.AsyncClientStreamingCall(FrameMethods.Upload, null, default);
        call.RequestStream.WriteOptions = Connection.Gathering;
        for (var i = 0; i < pieces; i++)
            await call.RequestStream.WriteAsync(Frame.Piece);
        await call.RequestStream.CompleteAsync();
        ByteTotal.OfRepeated(Payload.Piece.Span, pieces).MustBe(await call);
    }

    /// <summary>Receives pieces.</summary>
    public async Task DownloadAsync(int pieces)
    {
        using var call = _invoker.AsyncServerStreamingCall(FrameMethods.Download, null, default, new Order { Pieces = pieces });
        var total = default(ByteTotal);
        await foreach (var frame in call.ResponseStream.ReadAllAsync())
            total.Add(frame.Total);
        total.MustBe(ByteTotal.OfRepeated(Payload.Piece.Span, pieces));
    }

    public void Dispose() => _channel.Dispose();
}
