using DemoFl.Protocol;
using DemoFl.Wire;

namespace DemoFl.Relay.Vectors;

/// <summary>
/// A vector that arrives in pieces. One stream at a time writes; a broken one is taken up at <see cref="Received"/>. The header is the
/// same every time, or the upload is refused.
/// </summary>
internal sealed class ReceivedVector(int byteLength, byte[] lanes, Hash256 nonceHash)
{
    private readonly byte[] _bytes = new byte[byteLength];
    private int _busy;

    public int Received { get; private set; }

    public bool IsComplete => Received == _bytes.Length;

    public ReadOnlyMemory<byte> Bytes => _bytes;

    public ReadOnlyMemory<byte> Lanes => lanes;

    public Hash256 NonceHash => nonceHash;

    public bool Matches(int length, ReadOnlySpan<byte> otherLanes, Hash256 otherNonceHash) =>
        length == _bytes.Length && otherNonceHash == nonceHash && otherLanes.SequenceEqual(lanes);

    /// <summary>False while another stream is writing.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _busy, 1, 0) == 0;

    public void End() => Interlocked.Exchange(ref _busy, 0);

    public void Append(ReadOnlySpan<byte> piece)
    {
        if (piece.Length is 0 or > WireLimits.PieceBytes || piece.Length > _bytes.Length - Received)
        {
            throw new WireFormatException(
                $"A piece of {piece.Length} bytes at offset {Received} does not fit a vector of {_bytes.Length} bytes in pieces of at most {WireLimits.PieceBytes}.");
        }

        piece.CopyTo(_bytes.AsSpan(Received));
        Received += piece.Length;
    }
}
