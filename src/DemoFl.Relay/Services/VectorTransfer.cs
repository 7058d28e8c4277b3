using DemoFl.Protocol;
using DemoFl.Relay.Coordination;
using DemoFl.Relay.Sessions;
using DemoFl.Relay.Storage;
using DemoFl.Relay.Vectors;
using DemoFl.V1;
using DemoFl.Wire;
using Grpc.Core;

namespace DemoFl.Relay.Services;

/// <summary>Moves models out and vectors in, piece by piece, on streams of their own.</summary>
internal sealed class VectorTransfer(CoordinatorLoop loop, VectorStore vectors, TrafficMeter traffic)
{
    public async Task SendModelAsync(Round round, IServerStreamWriter<VectorFrame> responses, CancellationToken cancellation)
    {
        ModelSnapshot model = loop.ModelOf(round)
            ?? throw new RpcException(new Status(StatusCode.FailedPrecondition, $"Round {round} is not open."));
        await WriteAsync(new VectorFrame
        {
            Header = new VectorHeader
            {
                Key = new VectorKey { Round = round.Value, Kind = VectorKind.Model }, ByteLength = (ulong)model.ByteLength,
            },
        });
        foreach (var piece in model.Pieces)
        {
            await WriteAsync(piece);
        }

        Task WriteAsync(VectorFrame frame)
        {
            traffic.Count(Traffic.ModelDown, frame);
            return responses.WriteInTimeAsync(frame, cancellation);
        }
    }

    public async Task<VectorReceipt> ReceiveAsync(Session session, IAsyncStreamReader<VectorFrame> requests, CancellationToken cancellation)
    {
        if (!await requests.MoveNextInTimeAsync(cancellation) || requests.Current.Header is not { } header)
        {
            throw new WireFormatException("A vector begins with its header.");
        }

        var account = header.Key?.Kind == VectorKind.Sum ? Traffic.SumUp : Traffic.VectorUp;
        traffic.Count(account, requests.Current);
        var vector = vectors.Accept(session.Node, header);
        if (!vector.TryBegin())
        {
            throw new VectorRefusedException("Another stream is sending this vector.");
        }

        bool wasComplete = vector.IsComplete;
        try
        {
            if (header.Offset != (ulong)vector.Received)
            {
                throw new WireFormatException($"header.offset is {header.Offset}; {vector.Received} bytes are here. Ask VectorState and go on there.");
            }

            while (!vector.IsComplete && await requests.MoveNextInTimeAsync(cancellation))
            {
                traffic.Count(account, requests.Current);
                vector.Append(requests.Current.Piece.Span);
            }
        }
        finally
        {
            vector.End();
        }

        if (vector.IsComplete && !wasComplete)
        {
            await loop.PostAsync(header.Key!.Kind == VectorKind.Sum
                ? new CoordinatorInput.SumReceived(session.Node, new Round(header.Key.Round), new Attempt((int)header.Key.Attempt))
                : new CoordinatorInput.VectorReceived(session.Node, new Round(header.Key.Round), vector.NonceHash));
        }

        return new VectorReceipt { ReceivedBytes = (ulong)vector.Received };
    }
}
