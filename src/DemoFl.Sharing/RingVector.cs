namespace DemoFl.Sharing;

/// <summary>
/// d words of Z_2^k, little-endian, over one buffer: the bytes that are summed are the bytes on the wire.
/// Starts as zero. Not safe for concurrent writers; sums commute, so the order of additions never matters.
/// </summary>
public sealed class RingVector
{
    private readonly byte[] _buffer;

    /// <summary>A vector of <paramref name="length"/> zero words.</summary>
    /// <param name="ring">k.</param>
    /// <param name="length">d, at least 0; d * k / 8 bytes must fit one array (2^31 - 57).</param>
    /// <exception cref="ArgumentException">The ring is unknown or the length is out of range.</exception>
    public RingVector(RingWidth ring, int length)
    {
        if (ring is not (RingWidth.Bits16 or RingWidth.Bits32 or RingWidth.Bits64))
            throw new ArgumentException($"Ring width k = {(int)ring} must be 16, 32 or 64 bits.", nameof(ring));
        var wordBytes = (int)ring / 8;
        if (length < 0 || length > Array.MaxLength / wordBytes)
            throw new ArgumentException($"Length d = {length} must be in [0, {Array.MaxLength / wordBytes}] words.", nameof(length));
        Ring = ring;
        Length = length;
        _buffer = new byte[length * wordBytes];
    }

    /// <summary>k.</summary>
    public RingWidth Ring { get; }

    /// <summary>d, in words.</summary>
    public int Length { get; }

    /// <summary>d * k / 8.</summary>
    public int ByteLength => _buffer.Length;

    /// <summary>The words as they go on the wire.</summary>
    public Memory<byte> Memory => _buffer;

    /// <summary>The words as they go on the wire.</summary>
    public Span<byte> Bytes => _buffer;

    /// <summary>this += other, word by word modulo 2^k.</summary>
    /// <exception cref="ArgumentException">The other vector has another ring or length.</exception>
    public void Add(RingVector other)
    {
        RequireSameShape(other);
        RingWords.Add(Ring, _buffer, other._buffer);
    }

    /// <summary>this -= other, word by word modulo 2^k.</summary>
    /// <exception cref="ArgumentException">The other vector has another ring or length.</exception>
    public void Subtract(RingVector other)
    {
        RequireSameShape(other);
        RingWords.Subtract(Ring, _buffer, other._buffer);
    }

    /// <summary>Adds a received piece to the words that start at <paramref name="byteOffset"/>.</summary>
    /// <param name="byteOffset">Where the piece starts, in bytes; a multiple of the word size.</param>
    /// <param name="words">Whole little-endian words, of any memory alignment; may be empty.</param>
    /// <exception cref="ArgumentException">Offset or length is not a whole number of words, or the piece leaves the vector.</exception>
    public void AddAt(int byteOffset, ReadOnlySpan<byte> words)
    {
        if (byteOffset < 0 || byteOffset > ByteLength || byteOffset % WordSize != 0)
        {
            throw new ArgumentException(
                $"Offset {byteOffset} must be a multiple of {WordSize} in [0, {ByteLength}].", nameof(byteOffset));
        }

        var room = ByteLength - byteOffset;
        if (words.Length > room || words.Length % WordSize != 0)
        {
            throw new ArgumentException(
                $"A piece of {words.Length} bytes at offset {byteOffset} must be a multiple of {WordSize} in [0, {room}].", nameof(words));
        }

        RingWords.Add(Ring, _buffer.AsSpan(byteOffset, words.Length), words);
    }

    /// <summary>Sets every word to zero.</summary>
    public void Clear() => Array.Clear(_buffer);

    /// <summary>The word at <paramref name="index"/> read in two's complement, in [-2^(k-1), 2^(k-1)).</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="index"/> is not in [0, d).</exception>
    public long SignedAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Length);
        return RingWords.ReadSigned(Ring, _buffer, index);
    }

    /// <summary>Bytes of one word, k / 8.</summary>
    internal int WordSize => (int)Ring / 8;

    internal void SetAt(int index, long value) => RingWords.Write(Ring, _buffer, index, value);

    private void RequireSameShape(RingVector other)
    {
        if (other.Ring == Ring && other.Length == Length)
            return;
        throw new ArgumentException(
            $"A vector of {other.Length} words of {(int)other.Ring} bits does not fit one of {Length} words of {(int)Ring} bits.",
            nameof(other));
    }
}
