using System.Buffers.Binary;

namespace DemoFl.Fuzz;

/// <summary>Changes that know nothing of what the bytes mean.</summary>
internal static class ByteMutations
{
    private const int LongestInsertion = 16;
    private const int MostRepetitions = 64;

    private static readonly byte[] OddBytes = [0, 1, 0x7F, 0x80, 0xFE, 0xFF, (byte)' ', (byte)'\n', (byte)'0', (byte)'9', (byte)'-'];

    /// <summary>One change; <paramref name="other"/> is another input of the same target.</summary>
    public static byte[] Apply(byte[] input, byte[] other, Draw draw) => draw.Below(12) switch
    {
        0 => At(input, draw, (bytes, i) => bytes[i] ^= (byte)(1 << draw.Below(8))),
        1 => At(input, draw, (bytes, i) => bytes[i] = (byte)draw.Next()),
        2 => At(input, draw, (bytes, i) => bytes[i] = draw.Of(OddBytes)),
        3 => At(input, draw, (bytes, i) => bytes[i] += (byte)(draw.Below(9) - 4)),
        4 or 5 => Number(input, draw),
        6 => Replace(input, draw.Below(input.Length + 1), 0, draw.Bytes(1 + draw.Below(LongestInsertion))),
        7 => Replace(input, draw.Below(input.Length), 1 + draw.Below(Math.Min(input.Length, 32)), []),
        8 => input[..draw.Below(input.Length + 1)],
        9 => Spliced(input, other, draw),
        10 => Repeated(input, draw),
        _ => Varint(input, draw),
    };

    /// <summary>Puts bytes in the place of others.</summary>
    public static byte[] Replace(byte[] input, int at, int count, ReadOnlySpan<byte> by)
    {
        at = Math.Min(at, input.Length);
        return [.. input.AsSpan(0, at), .. by, .. input.AsSpan(Math.Min(input.Length, at + count))];
    }

    private static byte[] At(byte[] input, Draw draw, Action<byte[], int> change)
    {
        if (input.Length == 0)
        {
            return draw.Bytes(1);
        }

        byte[] changed = [.. input];
        change(changed, draw.Below(changed.Length));
        return changed;
    }

    /// <summary>Writes an odd number over what is there, in one of the ways in which headers have them.</summary>
    private static byte[] Number(byte[] input, Draw draw)
    {
        byte[] number = new byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(number, draw.OddNumber());
        byte[] some = number[..draw.Of([1, 2, 4, 8])];
        if (draw.OneIn(2))
        {
            Array.Reverse(some);
        }

        // Headers come first, and footers last.
        int at = draw.Below(4) switch
        {
            0 => draw.Below(Math.Min(input.Length, 16)),
            1 => Math.Max(0, input.Length - 1 - draw.Below(16)),
            _ => draw.Below(input.Length),
        };
        return Replace(input, at, some.Length, some);
    }

    private static byte[] Spliced(byte[] input, byte[] other, Draw draw) =>
        draw.OneIn(2)
            ? [.. input.AsSpan(0, draw.Below(input.Length + 1)), .. other.AsSpan(draw.Below(other.Length + 1))]
            : Replace(input, draw.Below(input.Length + 1), draw.Below(16), Part(other, draw));

    private static byte[] Repeated(byte[] input, Draw draw)
    {
        byte[] part = Part(input, draw);
        int times = 1 + (draw.OneIn(4) ? draw.Below(MostRepetitions) : draw.Below(3));
        return Replace(input, draw.Below(input.Length + 1), 0, [.. Enumerable.Repeat(part, times).SelectMany(p => p)]);
    }

    private static byte[] Part(byte[] input, Draw draw)
    {
        int from = draw.Below(input.Length);
        return input.AsSpan(from, Math.Min(input.Length - from, 1 + draw.Below(64))).ToArray();
    }

    private static byte[] Varint(byte[] input, Draw draw)
    {
        var number = new MemoryStream();
        ProtoField.WriteVarint(number, draw.OddNumber());
        return Replace(input, draw.Below(input.Length + 1), draw.Below(3), number.ToArray());
    }
}
