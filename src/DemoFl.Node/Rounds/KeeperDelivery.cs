using DemoFl.Node.Connections;
using DemoFl.Node.Sealing;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;
using Grpc.Core;

namespace DemoFl.Node.Rounds;

/// <summary>Rotating layout, at the party: sends the one full vector, sealed piece by piece, to the leader that keeps it.</summary>
internal sealed class KeeperDelivery(Membership membership, ChannelBook channels)
{
    /// <summary>Leaves room for the piece's own fields within an envelope.</summary>
    private const int PieceBytes = WireLimits.PieceBytes - 1024;

    public async Task SendAsync(RoundSpec spec, Slot keeper, PreparedUpdate update, CancellationToken cancellation)
    {
        using var call = membership.Relay.Send(membership.Call(cancellation));
        try
        {
            for (int at = 0; at < update.Words.Length; at += PieceBytes)
            {
                var piece = Piece(spec, keeper, update, at);
                membership.Record?.Count(piece);
                await call.RequestStream.WriteInTimeAsync(piece, cancellation);
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // The relay has answered early, or the call is lost; the receipt below says which.
        }

        await call.ResponseAsync;
    }

    private Envelope Piece(RoundSpec spec, Slot keeper, PreparedUpdate update, int at)
    {
        var words = update.Words.Slice(at, Math.Min(PieceBytes, update.Words.Length - at));
        var content = new PeerContent
        {
            VectorPiece = new VectorPiece
            {
                ByteLength = (ulong)update.Words.Length, Offset = (ulong)at, Words = UnsafeByteOperations.UnsafeWrap(words),
                Lanes = at == 0 ? Field.Of(update.Lanes) : ByteString.Empty,
            },
        };
        var (receiver, frame) = channels.SealToHolder(keeper, SealedKind.VectorPiece, spec.Round, default, content.ToByteArray())
            ?? throw new InvalidOperationException($"There is no channel to slot {keeper}.");
        return new Envelope { Peer = Field.Of(receiver), Content = frame.ToByteString() };
    }
}
