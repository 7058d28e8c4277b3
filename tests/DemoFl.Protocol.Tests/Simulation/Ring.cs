using System.Buffers.Binary;
using System.Security.Cryptography;

namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>Vectors of 8 words of Z_2^32: exactly one SHA-256 value, so that a mask is one hash.</summary>
internal static class Ring
{
    public const int Dimension = 8;

    public static uint[] Zero => new uint[Dimension];

    public static uint[] Draw(SplitMix64 randomness) => Words(randomness.Next256());

    public static uint[] Plus(uint[] left, uint[] right) => [.. left.Zip(right, (x, y) => unchecked(x + y))];

    public static uint[] Minus(uint[] left, uint[] right) => [.. left.Zip(right, (x, y) => unchecked(x - y))];

    public static uint[] Sum(IEnumerable<uint[]> vectors) => vectors.Aggregate(Zero, Plus);

    /// <summary>The mask of one party towards one slot: a hash of the pair's key and the context that the design binds it to.</summary>
    public static uint[] Mask(Hash256 pairKey, RoundSpec spec, LeaderSet leaders, Slot slot, Nonce nonce)
    {
        byte[] context = MaskContext.Statement(spec.Run, spec.Round, slot, nonce, leaders.Digest, spec.Digest);
        return Words(new Hash256(SHA256.HashData([.. pairKey.ToArray(), .. context])));
    }

    private static uint[] Words(Hash256 hash)
    {
        byte[] bytes = hash.ToArray();
        return [.. Enumerable.Range(0, Dimension).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4 * i)))];
    }
}
