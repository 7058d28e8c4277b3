using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using DemoFl.Learning;

namespace DemoFl.Chaos.Training;

/// <summary>
/// The updates of the chaos trainer: known functions of (party, round, place) whose fixed-point values are whole numbers, so that stochastic rounding has
/// nothing to decide and the sum of any set of parties is known to the bit. Thread-safe.
/// </summary>
/// <remarks>
/// A party with C_i examples sends q = Delta * (C_i / C_max) * (2^(b-1) - 1) / c. C_max is 2^28 - 1, which is 2^(b-1) - 1 for the 32-bit ring and 5 to 8 selected
/// parties (b = 29), so q = Delta * C_i / c: whole where Delta is a multiple of 2^-11, C_i of 2^10 and c = 1/2. For 3 or 4 parties (b = 30) q is off by less than
/// 2^-22 of a unit, and goes the other way once in millions of coordinates. Models stay between 1 and 2, where a float has steps of 2^-23 and W + Delta is exact.
/// </remarks>
internal static class GridUpdates
{
    /// <summary>C_max.</summary>
    public const uint MaxSamples = (1 << 28) - 1;

    /// <summary>c, all through a run.</summary>
    public const double Clip = 0.5;

    /// <summary>2^-11.</summary>
    public const float Step = 1f / 2048;

    /// <summary>The largest update of a parameter, in steps.</summary>
    public const int MaxSteps = 3;

    private const int SampleUnit = 1024;
    private const float Start = 1.5f;

    /// <summary>The model's only tensor.</summary>
    public static ParameterLayout LayoutOf(int dimension) => new([new TensorShape("grid", [dimension])]);

    /// <summary>W_0: 1.5 everywhere.</summary>
    public static float[] StartOf(int dimension) => [.. Enumerable.Repeat(Start, dimension)];

    public static void SaveStart(string path, int dimension) => Safetensors.Write(path, LayoutOf(dimension), StartOf(dimension));

    /// <summary>C_i: 1,024, 2,048 or 3,072, by the party's name.</summary>
    public static long SamplesOf(string party) => SampleUnit * (1 + (HashOf(party, 0)[0] % 3));

    /// <summary>Delta, d values: <see cref="StepsOf"/> in units of 2^-11.</summary>
    public static float[] DeltaOf(string party, ulong round, int dimension) => [.. StepsOf(party, round, dimension).Select(s => s * Step)];

    /// <summary>d whole numbers from -3 to 3: a function of party, round and place alone.</summary>
    public static sbyte[] StepsOf(string party, ulong round, int dimension)
    {
        var steps = new sbyte[dimension];
        byte[] noise = HashOf(party, round);
        for (int i = 0; i < dimension; i++)
        {
            // A byte of the hash and the place, mixed: neighbours and parties differ, and no two rounds are alike.
            uint mixed = (noise[i % noise.Length] + (uint)i) * 2654435761u;
            steps[i] = (sbyte)((int)((mixed >> 16) % ((2 * MaxSteps) + 1)) - MaxSteps);
        }

        return steps;
    }

    private static byte[] HashOf(string party, ulong round)
    {
        byte[] name = Encoding.UTF8.GetBytes(party);
        var text = new byte[sizeof(ulong) + name.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(text, round);
        name.CopyTo(text, sizeof(ulong));
        return SHA256.HashData(text);
    }
}
