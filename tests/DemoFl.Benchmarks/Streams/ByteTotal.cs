using System.Numerics;
using System.Runtime.InteropServices;
using DemoFl.Benchmarks.Protos;

namespace DemoFl.Benchmarks.Streams;

/// <summary>Counts and adds up bytes: the least that still reads each of them, whatever pieces they come in.</summary>
internal struct ByteTotal
{
    private long _count;
    private byte _sum;

    /// <summary>The total of this many times the same bytes.</summary>
    public static ByteTotal OfRepeated(ReadOnlySpan<byte> bytes, int times)
    {
        var once = default(ByteTotal);
        once.Add(bytes);
        return new ByteTotal { _count = once._count * times, _sum = unchecked((byte)(once._sum * times)) };
    }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        _count += bytes.Length;
        var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(bytes);
        var sums = Vector<byte>.Zero;
        foreach (var vector in vectors)
            sums += vector;
        var sum = Vector.Sum(sums);
        foreach (var rest in bytes[(vectors.Length * Vector<byte>.Count)..])
            sum += rest;
        _sum += sum;
    }

    /// <summary>Adds what was added up elsewhere.</summary>
    public void Add(ByteTotal other)
    {
        _count += other._count;
        _sum += other._sum;
    }

    /// <summary>As a message.</summary>
    public readonly Total ToMessage() => new() { Bytes = _count, Sum = _sum };

    /// <summary>Throws unless two totals agree.</summary>
    /// <exception cref="InvalidDataException">They differ: what was measured did not do its work.</exception>
    public readonly void MustBe(ByteTotal expected)
    {
        if (_count != expected._count || _sum != expected._sum)
            throw new InvalidDataException($"{_count} bytes with the sum {_sum} arrived, not {expected._count} with {expected._sum}.");
    }

    /// <summary>Throws unless the other end saw this.</summary>
    /// <exception cref="InvalidDataException">It saw something else.</exception>
    public readonly void MustBe(Total seen) => new ByteTotal { _count = seen.Bytes, _sum = (byte)seen.Sum }.MustBe(this);
}
