using System.Security.Cryptography;
using DemoFl.Sharing.Prg;

namespace DemoFl.Sharing;

/// <summary>
/// Adds or subtracts PRG(s_ij), the share that a seed stands for: a party subtracts one for each slot, a leader adds up
/// those of its slot. The keystream's bytes are read as little-endian words of the ring, hence uniform in Z_2^k.
/// </summary>
public static class Mask
{
    // Small enough for the first-level cache and the stack, large enough to amortise a call into the platform's AES.
    private const int PieceSize = 4096;

    /// <summary>vector += PRG_vector(seed), lanes += PRG_lanes(seed).</summary>
    /// <param name="seed">The seed, of one party, slot and round.</param>
    /// <param name="vector">The vector, any ring and length.</param>
    /// <param name="lanes">The lanes, <see cref="Lanes.Count"/> words of 64 bits.</param>
    /// <exception cref="ArgumentException">The lanes have another shape.</exception>
    /// <exception cref="ObjectDisposedException">The seed was disposed.</exception>
    public static void Add(MaskSeed seed, RingVector vector, RingVector lanes)
    {
        Lanes.RequireShape(lanes);
        Apply(seed.VectorKey, vector, subtract: false);
        Apply(seed.LanesKey, lanes, subtract: false);
    }

    /// <summary>vector -= PRG_vector(seed), lanes -= PRG_lanes(seed).</summary>
    /// <inheritdoc cref="Add"/>
    public static void Subtract(MaskSeed seed, RingVector vector, RingVector lanes)
    {
        Lanes.RequireShape(lanes);
        Apply(seed.VectorKey, vector, subtract: true);
        Apply(seed.LanesKey, lanes, subtract: true);
    }

    private static void Apply(ReadOnlySpan<byte> key, RingVector vector, bool subtract)
    {
        using var stream = AesCtr.Create(key);
        Span<byte> piece = stackalloc byte[PieceSize];
        for (var rest = vector.Bytes; !rest.IsEmpty;)
        {
            var length = Math.Min(rest.Length, PieceSize);
            var mask = piece[..length];
            stream.Fill(mask);
            if (subtract)
                RingWords.Subtract(vector.Ring, rest[..length], mask);
            else
                RingWords.Add(vector.Ring, rest[..length], mask);
            rest = rest[length..];
        }

        CryptographicOperations.ZeroMemory(piece);
    }
}
