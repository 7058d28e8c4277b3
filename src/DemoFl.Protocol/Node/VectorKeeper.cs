namespace DemoFl.Protocol;

/// <summary>The rotating layout's choice of who gets the one full vector.</summary>
public static class VectorKeeper
{
    /// <summary>H(nonce) mod N_l: spreads the vectors evenly and is known to the party and its leaders alone.</summary>
    public static Slot Of(Nonce nonce, int leaders)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        nonce.Hash.CopyTo(hash);
        return new Slot((int)(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash) % (ulong)leaders));
    }
}
