using System.Diagnostics;

namespace DemoFl.Fuzz;

/// <summary>Takes out of a failing input what it fails without, as far as patience goes.</summary>
internal sealed class Shrinker(Probe probe, string key)
{
    private const int MostExecutions = 3_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly long _started = Stopwatch.GetTimestamp();
    private int _executions;

    private bool HasTime => _executions < MostExecutions && Stopwatch.GetElapsedTime(_started) < Patience;

    public byte[] Shrink(byte[] input)
    {
        for (int before = -1; before != input.Length && HasTime;)
        {
            before = input.Length;
            for (int size = Math.Max(1, input.Length / 2); HasTime; size /= 2)
            {
                input = WithoutParts(input, size);
                if (size == 1)
                {
                    break;
                }
            }
        }

        return Simplified(input);
    }

    private byte[] WithoutParts(byte[] input, int size)
    {
        for (int at = 0; at < input.Length && HasTime;)
        {
            byte[] smaller = ByteMutations.Replace(input, at, size, []);
            if (Fails(smaller))
            {
                input = smaller;
            }
            else
            {
                at += size;
            }
        }

        return input;
    }

    private byte[] Simplified(byte[] input)
    {
        for (int i = 0; i < input.Length && HasTime; i++)
        {
            byte[] simpler = [.. input];
            simpler[i] = 0;
            if (input[i] != 0 && Fails(simpler))
            {
                input = simpler;
            }
        }

        return input;
    }

    private bool Fails(byte[] input)
    {
        _executions++;
        return probe.Execute(input).Failure?.Key == key;
    }
}
