using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DemoFl.Chaos.Training;

namespace DemoFl.Chaos.Oracle;

/// <summary>
/// What the model must be after each round, computed from the grid updates alone and in the plainest way: whole numbers are added up, then
/// W_{t+1} = W_t + sum * (c / (2^(b-1) - 1) * (C_max / sum C)) in doubles, rounded to float (DESIGN section 6). Not thread-safe.
/// </summary>
internal sealed class ExactModel(int dimension)
{
    private const int RingBits = 32;

    private readonly float[] _values = GridUpdates.StartOf(dimension);

    public ReadOnlySpan<float> Values => _values;

    /// <summary>SHA-256 of its float32 bytes, as hexadecimal digits.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(_values.AsSpan())));

    /// <summary>Takes one round's sum.</summary>
    /// <param name="round">Its number.</param>
    /// <param name="parties">B, by name; at least one.</param>
    /// <param name="selected">n_max, the parties that were selected: it sets b.</param>
    public void Commit(ulong round, IReadOnlyCollection<string> parties, int selected)
    {
        long maxUnits = MaxUnitsOf(selected);
        var sum = new long[_values.Length];
        long samples = 0;
        foreach (string party in parties)
        {
            long own = GridUpdates.SamplesOf(party);
            sbyte[] steps = GridUpdates.StepsOf(party, round, _values.Length);
            int[] possible = [.. Enumerable.Range(-GridUpdates.MaxSteps, (2 * GridUpdates.MaxSteps) + 1)];
            long[] units = [.. possible.Select(s => UnitsOf(s * GridUpdates.Step, own, maxUnits))];
            samples += own;
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] += units[steps[i] + GridUpdates.MaxSteps];
            }
        }

        double step = GridUpdates.Clip / maxUnits * ((double)GridUpdates.MaxSamples / samples);
        for (int i = 0; i < sum.Length; i++)
        {
            _values[i] = (float)(_values[i] + (sum[i] * step));
        }
    }

    /// <summary>2^(b-1) - 1 with b = k - ceil(log2 n_max).</summary>
    public static long MaxUnitsOf(int selected)
    {
        int bits = RingBits;
        for (int places = 1; places < selected; places *= 2)
        {
            bits--;
        }

        return (1L << (bits - 1)) - 1;
    }

    /// <summary>q, exact where C_max = 2^(b-1) - 1, and else nearer to a whole number than stochastic rounding can tell (<see cref="GridUpdates"/>).</summary>
    public static long UnitsOf(double delta, long samples, long maxUnits)
    {
        decimal exact = (decimal)delta * samples * maxUnits / GridUpdates.MaxSamples / (decimal)GridUpdates.Clip;
        return (long)Math.Round(exact);
    }
}
