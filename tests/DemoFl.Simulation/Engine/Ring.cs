using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DemoFl.Simulation;

/// <summary>Vectors of 8 words of Z_2^32: exactly one SHA-256 value, so that a mask is one hash.</summary>
internal static class Ring
{
    public const int Dimension = 8;

    public static uint[] Zero => new uint[Dimension];

    public static uint[] Draw(SplitMix64 randomness) => Words(randomness.Next256());

    public static void Add(uint[] to, ReadOnlySpan<uint> words)
    {
        for (int i = 0; i < Dimension; i++)
        {
            to[i] = unchecked(to[i] + words[i]);
        }
    }

    public static void Subtract(uint[] from, ReadOnlySpan<uint> words)
    {
        for (int i = 0; i < Dimension; i++)
        {
            from[i] = unchecked(from[i] - words[i]);
        }
    }

    public static uint[] Sum(IEnumerable<uint[]> vectors)
    {
        uint[] sum = Zero;
        foreach (uint[] vector in vectors)
        {
            Add(sum, vector);
        }

        return sum;
    }

    /// <summary>The mask of one party towards one slot: a hash of the pair's key and the context that the design binds it to.</summary>
    public static Hash256 Mask(Hash256 pairKey, RoundSpec spec, LeaderSet leaders, Slot slot, Nonce nonce)
    {
        byte[] context = MaskContext.Statement(spec.Run, spec.Round, slot, nonce, leaders.Digest, spec.Digest);
        byte[] keyed = new byte[Hash256.Size + context.Length];
        pairKey.CopyTo(keyed);
        context.CopyTo(keyed, Hash256.Size);
        return new Hash256(SHA256.HashData(keyed));
    }

    /// <summary>A mask, written out.</summary>
    public static uint[] Words(Hash256 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        hash.CopyTo(bytes);
        uint[] words = new uint[Dimension];
        for (int i = 0; i < Dimension; i++)
        {
            words[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(4 * i)..]);
        }

        return words;
    }
}
