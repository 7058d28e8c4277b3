using System.Runtime.InteropServices;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Node.Rounds;

/// <summary>Moves W_t in and vectors out, in pieces. A stream that breaks is taken up where it broke.</summary>
internal sealed class VectorStreams(Membership membership)
{
    private const int MaxTries = 5;

    /// <summary>W_t, checked against the hash that the round's specification signs.</summary>
    public async Task<float[]> FetchModelAsync(RoundSpec spec, CancellationToken cancellation)
    {
        var model = new float[spec.Training.Dimension];
        var request = new ModelRequest { Round = spec.Round.Value };
        membership.Record?.Count(request);
        using var call = membership.Vectors.FetchModel(request, membership.Call(cancellation));
        int received = 0;
        while (await call.ResponseStream.MoveNextInTimeAsync(cancellation))
        {
            var piece = call.ResponseStream.Current.Piece;
            var rest = MemoryMarshal.AsBytes(model.AsSpan())[received..];
            if (piece.Length > rest.Length)
            {
                throw new WireFormatException($"The model is longer than its {rest.Length + received} bytes.");
            }

            piece.Span.CopyTo(rest);
            received += piece.Length;
        }

        var hash = await HeavyWork.RunAsync(() => Hash256.Of(MemoryMarshal.AsBytes(model.AsSpan())), cancellation);
        return hash == spec.ModelHash
            ? model
            : throw new WireFormatException("The model is not the one that the round's specification names.");
    }

    /// <summary>Sends a vector; after a broken stream asks how far it came and goes on there.</summary>
    public async Task SubmitAsync(VectorKey key, ReadOnlyMemory<byte> words, ReadOnlyMemory<byte> lanes, ByteString nonceHash, CancellationToken cancellation)
    {
        for (int attempt = 1, offset = 0; ; attempt++)
        {
            try
            {
                await SendAsync(key, words, lanes, nonceHash, offset, cancellation);
                return;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable && attempt < MaxTries)
            {
                await Task.Delay(Backoff.Delay(attempt), cancellation);
                membership.Record?.Count(key);
                var progress = await membership.Vectors.VectorStateAsync(key, membership.Call(cancellation));
                offset = checked((int)progress.ReceivedBytes);
            }
        }
    }

    private async Task SendAsync(
        VectorKey key, ReadOnlyMemory<byte> words, ReadOnlyMemory<byte> lanes, ByteString nonceHash, int offset, CancellationToken cancellation)
    {
        using var call = membership.Vectors.SubmitVector(membership.Call(cancellation));

        // A piece need not leave before the next: the end of the stream sends the rest.
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);
        try
        {
            await WriteAsync(call.RequestStream, new VectorFrame
            {
                Header = new VectorHeader
                {
                    Key = key, ByteLength = (ulong)words.Length, Offset = (ulong)offset, NonceHash = nonceHash, Lanes = Field.Of(lanes),
                },
            }, cancellation);
            for (int at = offset; at < words.Length; at += WireLimits.PieceBytes)
            {
                var piece = words.Slice(at, Math.Min(WireLimits.PieceBytes, words.Length - at));
                await WriteAsync(call.RequestStream, new VectorFrame { Piece = UnsafeByteOperations.UnsafeWrap(piece) }, cancellation);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException or IOException)
        {
            // The server has already answered; the receipt below says what.
        }

        var receipt = await call.ResponseAsync;
        if (receipt.ReceivedBytes != (ulong)words.Length)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, $"The server has {receipt.ReceivedBytes} of {words.Length} bytes."));
        }
    }

    private Task WriteAsync(IClientStreamWriter<VectorFrame> stream, VectorFrame frame, CancellationToken cancellation)
    {
        membership.Record?.Count(frame);
        return stream.WriteInTimeAsync(frame, cancellation);
    }
}
