using System.Buffers.Binary;

namespace DemoFl.Simulation;

/// <summary>The draws that a simulation needs beyond the generator's own.</summary>
internal static class Randomness
{
    /// <summary>A generator of its own per purpose, so that one more draw in one place does not change all others.</summary>
    public static SplitMix64 For(ulong seed, string purpose)
    {
        // FNV-1a: nothing here is secret, and there are many links.
        ulong hash = 14_695_981_039_346_656_037;
        foreach (char letter in purpose)
        {
            hash = (hash ^ letter) * 1_099_511_628_211;
        }

        return new SplitMix64(new SplitMix64(seed ^ hash).Next() ^ (seed * 0x9E3779B97F4A7C15));
    }

    public static TimeSpan UpTo(this SplitMix64 randomness, TimeSpan longest) =>
        longest == TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMicroseconds(1 + randomness.Below((int)(longest.Ticks / TimeSpan.TicksPerMicrosecond)));

    public static TimeSpan BetweenMs(this SplitMix64 randomness, int least, int most) =>
        TimeSpan.FromMilliseconds(least) + randomness.UpTo(TimeSpan.FromMilliseconds(most - least));

    public static int Between(this SplitMix64 randomness, int least, int most) => least + randomness.Below(most - least + 1);

    public static bool OneIn(this SplitMix64 randomness, int odds) => randomness.Below(odds) == 0;

    public static T Pick<T>(this SplitMix64 randomness, IReadOnlyList<T> from) => from[randomness.Below(from.Count)];

    public static UInt128 Next128(this SplitMix64 randomness) => new(randomness.Next(), randomness.Next());

    public static Hash256 Next256(this SplitMix64 randomness)
    {
        Span<byte> bytes = stackalloc byte[Hash256.Size];
        for (int i = 0; i < Hash256.Size; i += sizeof(ulong))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[i..], randomness.Next());
        }

        return new Hash256(bytes);
    }
}
