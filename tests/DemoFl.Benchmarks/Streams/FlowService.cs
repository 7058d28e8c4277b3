using DemoFl.Benchmarks.Protos;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Benchmarks.Streams;

/// <summary>The server's end of <see cref="GrpcFlow"/>.</summary>
internal sealed class FlowService : Flow.FlowBase
{
    public override async Task<Total> Upload(IAsyncStreamReader<Piece> requestStream, ServerCallContext context)
    {
        var total = default(ByteTotal);
        await foreach (var piece in requestStream.ReadAllAsync())
            total.Add(piece.Bytes.Span);
        return total.ToMessage();
    }

    public override async Task Download(Order request, IServerStreamWriter<Piece> responseStream, ServerCallContext context)
    {
        for (var i = 0; i < request.Pieces; i++)
            await responseStream.WriteAsync(new Piece { Bytes = UnsafeByteOperations.UnsafeWrap(Payload.Piece) });
    }

    public override async Task Exchange(
        IAsyncStreamReader<Piece> requestStream, IServerStreamWriter<Piece> responseStream, ServerCallContext context)
    {
        await foreach (var piece in requestStream.ReadAllAsync())
            await responseStream.WriteAsync(piece);
    }

    public override Task<Piece> Ping(Piece request, ServerCallContext context) => Task.FromResult(request);
}
