using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Cli.Attack;

/// <summary>Rotating layout: a masked vector as the pieces that its party seals to the leader that keeps it.</summary>
internal static class VectorPieces
{
    /// <summary>Leaves room for the piece's own fields within an envelope, as a node does.</summary>
    private const int PieceBytes = WireLimits.PieceBytes - 1024;

    /// <summary>The plaintexts to seal, in order.</summary>
    public static IEnumerable<byte[]> Of(OwnUpdate update)
    {
        var words = update.Masked.Memory;
        for (int at = 0; at < words.Length; at += PieceBytes)
        {
            yield return new PeerContent
            {
                VectorPiece = new VectorPiece
                {
                    ByteLength = (ulong)words.Length, Offset = (ulong)at, Words = Field.Of(words.Slice(at, Math.Min(PieceBytes, words.Length - at))),
                    Lanes = at == 0 ? Field.Of(update.Lanes.Memory) : ByteString.Empty,
                },
            }.ToByteArray();
        }
    }
}
