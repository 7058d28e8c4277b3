using DemoFl.Protocol;
using DemoFl.Wire;

namespace DemoFl.Relay.Vectors;

/// <summary>
/// A vector that arrives in pieces. One stream at a time writes; a broken one is taken up at <see cref="Received"/>. The header is the
/// same every time, or the upload is refused.
/// </summary>
internal sealed class ReceivedVector(IVectorBuffer buffer, byte[] lanes, Hash256 nonceHash)
{
    private int _busy;

    public int Received => buffer.Written;

    public bool IsComplete => Received == buffer.Length;

    public ReadOnlySpan<byte> Lanes => lanes;

    public Hash256 NonceHash => nonceHash;

    public bool Matches(ReadOnlySpan<byte> otherLanes, Hash256 otherNonceHash) => otherNonceHash == nonceHash && otherLanes.SequenceEqual(lanes);

    /// <summary>False while another stream is writing.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    public void End() => Interlocked.Exchange(ref _busy, 0);

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length is 0 or > WireLimits.PieceBytes || piece.Length > buffer.Length - Received)
        {
            throw new WireFormatException(
                $"A piece of {piece.Length} bytes at offset {Received} does not fit a vector of {buffer.Length} bytes in pieces of at most {WireLimits.PieceBytes}.");
        }

        buffer.Append(piece);
    }

    /// <summary>Hands the complete vector over, piece by piece with its offset in bytes; a piece is whole words.</summary>
    /// <exception cref="InvalidDataException">It cannot be read back from where it was kept.</exception>
    public void Read(Action<int, ReadOnlySpan<byte>> take) => buffer.Read(take);
}
