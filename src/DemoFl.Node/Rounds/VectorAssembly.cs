using DemoFl.Sharing;
using DemoFl.Wire;

namespace DemoFl.Node.Rounds;

/// <summary>
/// Rotating layout, at the leader that keeps a party's whole vector: puts its pieces together, in order, within the length that the round
/// allows.
/// </summary>
internal sealed class VectorAssembly(RoundSpec spec)
{
    private int _received;

    public RingVector Vector { get; } = new((RingWidth)spec.Encoding.RingBits, spec.Training.Dimension);

    public RingVector Lanes { get; } = new(RingWidth.Bits64, Sharing.Lanes.Count);

    public bool IsComplete => _received == Vector.ByteLength;

    public void Append(V1.VectorPiece piece)
    {
        if (piece.ByteLength != (ulong)Vector.ByteLength || piece.Offset != (ulong)_received || piece.Words.Length > Vector.ByteLength - _received)
        {
            throw new WireFormatException($"A vector piece at offset {piece.Offset} does not continue a vector at {_received} of {Vector.ByteLength} bytes.");
        }

        if (_received == 0)
        {
            if (piece.Lanes.Length != Lanes.ByteLength)
            {
                throw new WireFormatException($"vector_piece.lanes has {piece.Lanes.Length} bytes, not {Lanes.ByteLength}.");
            }

            piece.Lanes.Span.CopyTo(Lanes.Bytes);
        }

        piece.Words.Span.CopyTo(Vector.Bytes[_received..]);
        _received += piece.Words.Length;
    }
    /// <summary>Clears the bytes.</summary>
    public void Clear()
    {
        Vector.Clear();
        Lanes.Clear();
    }
}
