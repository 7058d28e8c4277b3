using System.Runtime.InteropServices;
using DemoFl.Protocol;
using Google.Protobuf;
using Content = DemoFl.V1.PeerContent;

namespace DemoFl.Wire;

/// <summary>
/// The plaintext that carries a mask's seed to the new holder of a slot. It is no message of the protocol's machines, which never see a seed;
/// whoever has one clears it.
/// </summary>
public static class SeedContents
{
    /// <summary>The bytes to seal; the caller clears both its seed and them.</summary>
    /// <param name="nonce">The party's nonce of the round.</param>
    /// <param name="seed"><see cref="WireLimits.SeedBytes"/> bytes, or none where the slot keeps the whole vector.</param>
    public static byte[] ToBytes(Nonce nonce, ReadOnlyMemory<byte> seed) =>
        new Content { Seed = new V1.Seed { Nonce = Field.Of(nonce.Value), Seed_ = Field.Of(seed) } }.ToByteArray();

    /// <summary>The nonce and the seed of an opened message. The seed is the content's own memory: clearing it clears the content.</summary>
    /// <exception cref="WireFormatException">Malformed, or not a seed.</exception>
    public static (Nonce Nonce, Memory<byte> Seed) FromContent(Content content)
    {
        var seed = Field.Present(content.Seed, "seed");
        int length = seed.Seed_.Length;
        return length is 0 or WireLimits.SeedBytes
            ? (new Nonce(Field.Hash(seed.Nonce, "seed.nonce")), MemoryMarshal.AsMemory(seed.Seed_.Memory))
            : throw new WireFormatException($"seed.seed must be {WireLimits.SeedBytes} bytes or none, not {length}.");
    }
}
