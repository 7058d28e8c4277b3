using System.Runtime.InteropServices;

namespace DemoFl.Canary.Tests;

/// <summary>
/// What one party's update carries in a run of its coordinates: random values, chosen so that they are exact in every form they could appear in.
/// Printed as one line, Trained|Delta|Words in hex.
/// </summary>
/// <param name="Start">The first coordinate.</param>
/// <param name="Trained">The trained parameters as little-endian float32.</param>
/// <param name="Delta">Trained minus W_t as little-endian float32: what the plain layout sends.</param>
/// <param name="Words">The same in the ring of 32 bits: what is masked.</param>
internal sealed record Pattern(int Start, byte[] Trained, byte[] Delta, byte[] Words)
{
    /// <summary>Coordinates of a pattern.</summary>
    public const int Length = 32;

    /// <summary>
    /// The clip for which 2^30 units are 1.0 when three parties share 32 bits: b is 30, and (2^29 - 1) / c is 2^30. Whatever is a multiple of
    /// 2^-30 and below c is then encoded exactly, whichever way rounding falls.
    /// </summary>
    public const double Clip = ((1 << 29) - 1) / (double)(1 << 30);

    private const double Units = 1 << 30;

    /// <summary>Trained parameters are multiples of 2^-24 up to this: exact as float32, and the change from W_t stays below the clip.</summary>
    private const double MostTrained = 0.15;

    /// <summary>A float of at least 2^-7 is a multiple of 2^-30; below 0.3 the change to <see cref="MostTrained"/> is within the clip.</summary>
    private const float LeastBefore = 1f / 128, MostBefore = 0.3f;

    /// <summary>Writes a random pattern over the first run of parameters that it is exact on.</summary>
    public static Pattern Write(Span<float> parameters, Random random)
    {
        int start = FirstRun(parameters);
        var (trained, delta, words) = (new float[Length], new float[Length], new int[Length]);
        for (int i = 0; i < Length; i++)
        {
            double before = parameters[start + i];
            trained[i] = (float)(Math.Round((random.NextDouble() - 0.5) * 2 * MostTrained * (1 << 24)) / (1 << 24));
            delta[i] = (float)(trained[i] - before);
            words[i] = (int)((trained[i] - before) * Units);
            parameters[start + i] = trained[i];
        }

        return new Pattern(start, Bytes(trained), Bytes(delta), Bytes(words));
    }

    public static Pattern Parse(string line)
    {
        string[] fields = line.Split('|');
        return new Pattern(-1, Convert.FromHexString(fields[0]), Convert.FromHexString(fields[1]), Convert.FromHexString(fields[2]));
    }

    public override string ToString() => string.Join('|', new[] { Trained, Delta, Words }.Select(Convert.ToHexString));

    private static int FirstRun(ReadOnlySpan<float> parameters)
    {
        int run = 0;
        for (int i = 0; i < parameters.Length; i++)
        {
            run = MathF.Abs(parameters[i]) is >= LeastBefore and < MostBefore ? run + 1 : 0;
            if (run == Length)
            {
                return i + 1 - Length;
            }
        }

        throw new InvalidOperationException("No run of parameters suits the pattern.");
    }

    private static byte[] Bytes<T>(T[] values)
        where T : struct => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
