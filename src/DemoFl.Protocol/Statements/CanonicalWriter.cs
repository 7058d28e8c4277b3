using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace DemoFl.Protocol;

/// <summary>
/// The one encoding of everything that is signed, hashed or bound as associated data: a domain label first, integers
/// big-endian and of fixed width, byte strings and lists with their length before them. Distinct values never share an encoding.
/// </summary>
public sealed class CanonicalWriter
{
    /// <summary>Refuses what is not text, where the lenient encoder would let different strings share bytes.</summary>
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> _buffer = new(256);

    /// <summary>Starts an encoding under <paramref name="domain"/>.</summary>
    public CanonicalWriter(string domain) => Text(domain);

    /// <summary>32 bits.</summary>
    public CanonicalWriter Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
        return this;
    }

    /// <summary>64 bits.</summary>
    public CanonicalWriter UInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64BigEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
        return this;
    }

    /// <summary>128 bits.</summary>
    public CanonicalWriter UInt128(UInt128 value)
    {
        BinaryPrimitives.WriteUInt128BigEndian(_buffer.GetSpan(16), value);
        _buffer.Advance(16);
        return this;
    }

    /// <summary>The IEEE 754 bits.</summary>
    public CanonicalWriter Double(double value) => UInt64(BitConverter.DoubleToUInt64Bits(value));

    /// <summary>32 bytes.</summary>
    public CanonicalWriter Hash(Hash256 value)
    {
        value.CopyTo(_buffer.GetSpan(Hash256.Size));
        _buffer.Advance(Hash256.Size);
        return this;
    }

    /// <summary>A length and that many bytes.</summary>
    public CanonicalWriter Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _buffer.Write(value);
        return this;
    }

    /// <summary>A length and that many bytes of UTF-8.</summary>
    /// <exception cref="ArgumentException">The text has half a surrogate pair.</exception>
    public CanonicalWriter Text(string value) => Bytes(Utf8.GetBytes(value));

    /// <summary>The encoding so far, in a new array.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>SHA-256 of the encoding so far.</summary>
    public Hash256 ToHash() => Hash256.Of(_buffer.WrittenSpan);
}
