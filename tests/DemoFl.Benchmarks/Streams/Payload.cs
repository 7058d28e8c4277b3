namespace DemoFl.Benchmarks.Streams;

/// <summary>The bytes that every stream and call of a comparison repeats; the same in both processes.</summary>
internal static class Payload
{
    /// <summary>Noise: 64 KiB less what a message has around it, as vectors travel.</summary>
    public static ReadOnlyMemory<byte> Piece { get; } = Noise((64 * 1024) - 64);

    /// <summary>What a small call carries, both ways.</summary>
    public static ReadOnlyMemory<byte> Small { get; } = Noise(100);

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(1).NextBytes(bytes);
        return bytes;
    }
}
