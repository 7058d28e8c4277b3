namespace DemoFl.Protocol;

/// <summary>
/// A small seeded generator (Steele, Lea and Flood 2014) for choices that must be reproducible. Never for secrets.
/// </summary>
public sealed class SplitMix64(ulong seed)
{
    private ulong _state = seed;

    /// <summary>The next 64 bits.</summary>
    public ulong Next()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in [0, bound), free of modulo bias (Lemire 2019).</summary>
    public int Below(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ulong threshold = unchecked(0UL - (ulong)bound) % (ulong)bound;
        while (true)
        {
            UInt128 product = (UInt128)Next() * (ulong)bound;
            if ((ulong)product >= threshold)
            {
                return (int)(product >> 64);
            }
        }
    }

    /// <summary><paramref name="count"/> different elements in the order drawn (partial Fisher-Yates).</summary>
    public T[] Draw<T>(IReadOnlyList<T> from, int count)
    {
        T[] pool = [.. from];
        for (int i = 0; i < count; i++)
        {
            int j = i + Below(pool.Length - i);
            (pool[i], pool[j]) = (pool[j], pool[i]);
        }

        return pool[..count];
    }
}
