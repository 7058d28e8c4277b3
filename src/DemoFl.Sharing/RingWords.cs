using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace DemoFl.Sharing;

/// <summary>
/// Arithmetic modulo 2^k on little-endian words in byte spans of equal length and any alignment. The vector and the
/// scalar path give the same bytes; a big-endian host takes the scalar one.
/// </summary>
internal static class RingWords
{
    public static void Add(RingWidth ring, Span<byte> target, ReadOnlySpan<byte> words)
    {
        switch (ring)
        {
            case RingWidth.Bits16: Add<ushort>(target, words); break;
            case RingWidth.Bits32: Add<uint>(target, words); break;
            default: Add<ulong>(target, words); break;
        }
    }

    public static void Subtract(RingWidth ring, Span<byte> target, ReadOnlySpan<byte> words)
    {
        switch (ring)
        {
            case RingWidth.Bits16: Subtract<ushort>(target, words); break;
            case RingWidth.Bits32: Subtract<uint>(target, words); break;
            default: Subtract<ulong>(target, words); break;
        }
    }

    public static long ReadSigned(RingWidth ring, ReadOnlySpan<byte> words, int index) => ring switch
    {
        RingWidth.Bits16 => BinaryPrimitives.ReadInt16LittleEndian(words[(index * 2)..]),
        RingWidth.Bits32 => BinaryPrimitives.ReadInt32LittleEndian(words[(index * 4)..]),
        _ => BinaryPrimitives.ReadInt64LittleEndian(words[(index * 8)..]),
    };

    public static void Write(RingWidth ring, Span<byte> words, int index, long value)
    {
        switch (ring)
        {
            case RingWidth.Bits16: BinaryPrimitives.WriteInt16LittleEndian(words[(index * 2)..], unchecked((short)value)); break;
            case RingWidth.Bits32: BinaryPrimitives.WriteInt32LittleEndian(words[(index * 4)..], unchecked((int)value)); break;
            default: BinaryPrimitives.WriteInt64LittleEndian(words[(index * 8)..], value); break;
        }
    }

    internal static void AddScalar<T>(Span<byte> target, ReadOnlySpan<byte> words)
        where T : unmanaged, IBinaryInteger<T>
    {
        var size = Unsafe.SizeOf<T>();
        for (var at = 0; at < target.Length; at += size)
        {
            var word = target.Slice(at, size);
            var sum = T.ReadLittleEndian(word, isUnsigned: true) + T.ReadLittleEndian(words.Slice(at, size), isUnsigned: true);
            sum.WriteLittleEndian(word);
        }
    }

    internal static void SubtractScalar<T>(Span<byte> target, ReadOnlySpan<byte> words)
        where T : unmanaged, IBinaryInteger<T>
    {
        var size = Unsafe.SizeOf<T>();
        for (var at = 0; at < target.Length; at += size)
        {
            var word = target.Slice(at, size);
            var difference = T.ReadLittleEndian(word, isUnsigned: true) - T.ReadLittleEndian(words.Slice(at, size), isUnsigned: true);
            difference.WriteLittleEndian(word);
        }
    }

    // Profile-guided tiering takes the first ring it meets for the only one and leaves the others at a fifth of the speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add<T>(Span<byte> target, ReadOnlySpan<byte> words)
        where T : unmanaged, IBinaryInteger<T>
    {
        var done = VectorisedLength(target.Length);
        for (var at = 0; at < done; at += Vector<byte>.Count)
        {
            var sum = Vector.AsVectorByte(Load<T>(target[at..]) + Load<T>(words[at..]));
            sum.CopyTo(target[at..]);
        }

        AddScalar<T>(target[done..], words[done..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Subtract<T>(Span<byte> target, ReadOnlySpan<byte> words)
        where T : unmanaged, IBinaryInteger<T>
    {
        var done = VectorisedLength(target.Length);
        for (var at = 0; at < done; at += Vector<byte>.Count)
        {
            var difference = Vector.AsVectorByte(Load<T>(target[at..]) - Load<T>(words[at..]));
            difference.CopyTo(target[at..]);
        }

        SubtractScalar<T>(target[done..], words[done..]);
    }

    // A vector register holds native words; only on a little-endian host are those the words of the wire.
    private static int VectorisedLength(int length) =>
        BitConverter.IsLittleEndian ? length - (length % Vector<byte>.Count) : 0;

    private static Vector<T> Load<T>(ReadOnlySpan<byte> bytes) => Vector.As<byte, T>(new Vector<byte>(bytes));
}
