using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Cli.Attack;

/// <summary>Ring vectors as a round's specification asks for them.</summary>
internal static class Rings
{
    public static RingVector Zero(RoundSpec spec) => new((RingWidth)spec.Encoding.RingBits, spec.Training.Dimension);

    public static RingVector Copy(RingVector vector)
    {
        var copy = new RingVector(vector.Ring, vector.Length);
        copy.Add(vector);
        return copy;
    }

    /// <summary>The sum of vectors of this round, modulo 2^k.</summary>
    public static RingVector Sum(RoundSpec spec, IEnumerable<RingVector> vectors)
    {
        var sum = Zero(spec);
        foreach (var vector in vectors)
        {
            sum.Add(vector);
        }

        return sum;
    }

    public static Encoding EncodingOf(RoundSpec spec) => new(
        (RingWidth)spec.Encoding.RingBits, spec.Participants.Length, spec.Encoding.Clip, spec.Encoding.MaxSampleCount);

    /// <summary>The words as numbers in [-1, 1): two's complement over 2^(k-1).</summary>
    public static float[] ToReal(RingVector vector)
    {
        var real = new float[vector.Length];
        double unit = Math.ScaleB(1, 1 - (int)vector.Ring);
        for (int i = 0; i < real.Length; i++)
        {
            real[i] = (float)(vector.SignedAt(i) * unit);
        }

        return real;
    }
}
