namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>The draws that a simulation needs beyond the generator's own.</summary>
internal static class Randomness
{
    /// <summary>A generator of its own per purpose, so that one more draw in one place does not change all others.</summary>
    public static SplitMix64 For(ulong seed, string purpose)
    {
        Span<byte> hash = stackalloc byte[Hash256.Size];
        new CanonicalWriter("simulation").UInt64(seed).Text(purpose).ToHash().CopyTo(hash);
        return new SplitMix64(System.Buffers.Binary.BinaryPrimitives.ReadUInt64BigEndian(hash));
    }

    public static TimeSpan UpTo(this SplitMix64 randomness, TimeSpan longest) =>
        longest == TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMicroseconds(1 + randomness.Below((int)longest.TotalMicroseconds));

    public static int Between(this SplitMix64 randomness, int least, int most) => least + randomness.Below(most - least + 1);

    public static bool OneIn(this SplitMix64 randomness, int odds) => randomness.Below(odds) == 0;

    public static UInt128 Next128(this SplitMix64 randomness) => new(randomness.Next(), randomness.Next());

    public static Hash256 Next256(this SplitMix64 randomness) =>
        new CanonicalWriter("draw").UInt128(randomness.Next128()).UInt128(randomness.Next128()).ToHash();
}
