using System.Numerics;

namespace DemoFl.Learning;

/// <summary>
/// The xoshiro256** generator (Blackman and Vigna, 2018), seeded by SplitMix64: the same numbers from the same seed on every platform
/// and runtime version. For training and data only, never for secrets. Not thread-safe.
/// </summary>
internal sealed class SeededRandom
{
    private ulong _s0, _s1, _s2, _s3;

    /// <summary>One independent stream per (seed, stream) pair.</summary>
    public SeededRandom(ulong seed, ulong stream = 0)
    {
        var state = Mix(seed) ^ Mix(~stream);
        (_s0, _s1, _s2, _s3) = (Split(ref state), Split(ref state), Split(ref state), Split(ref state));
    }

    public ulong NextUInt64()
    {
        var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
        var shifted = _s1 << 17;
        _s2 ^= _s0;
        _s3 ^= _s1;
        _s1 ^= _s2;
        _s0 ^= _s3;
        _s2 ^= shifted;
        _s3 = BitOperations.RotateLeft(_s3, 45);
        return result;
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double NextBetween(double low, double high) => low + ((high - low) * NextDouble());

    /// <summary>Uniform in 0 to <paramref name="bound"/> - 1, without bias (Lemire, 2019).</summary>
    public int NextBelow(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bound, 1);
        while (true)
        {
            var product = (UInt128)NextUInt64() * (ulong)bound;
            if ((ulong)product >= (0UL - (ulong)bound) % (ulong)bound) return (int)(ulong)(product >> 64);
        }
    }

    /// <summary>Bell-shaped with mean 0 and deviation 1, within +-3.47: the sum of four uniform numbers. Unlike Box-Muller it needs no
    /// logarithm, whose last bit differs between platforms.</summary>
    public float NextBell()
    {
        var bits = NextUInt64();
        var sum = (int)(bits & 0xFFFF) + (int)((bits >> 16) & 0xFFFF) + (int)((bits >> 32) & 0xFFFF) + (int)(bits >> 48);
        return (sum - 131_070) * (1.7320508f / 65_536);
    }

    /// <summary>Fisher-Yates.</summary>
    public void Shuffle(Span<int> values)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = NextBelow(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static ulong Split(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
