using System.Buffers.Binary;

namespace DemoFl.Channels;

/// <summary>The nonce and the associated data of a sealed message, as <see cref="PairChannel"/> describes them.</summary>
internal static class MessageFrame
{
    public const int NonceSize = 12;

    public static int AssociatedSize(ReadOnlySpan<byte> context) => sizeof(uint) + context.Length + sizeof(ulong);

    public static void WriteAssociated(Span<byte> associated, ReadOnlySpan<byte> context, ulong sequence)
    {
        BinaryPrimitives.WriteUInt32BigEndian(associated, (uint)context.Length);
        context.CopyTo(associated[sizeof(uint)..]);
        BinaryPrimitives.WriteUInt64BigEndian(associated[(sizeof(uint) + context.Length)..], sequence);
    }

    public static void WriteNonce(Span<byte> nonce, ulong sequence)
    {
        nonce.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(nonce[(NonceSize - sizeof(ulong))..], sequence);
    }
}
