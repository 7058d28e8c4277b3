using System.Numerics;
using System.Runtime.InteropServices;

namespace DemoFl.Learning;

/// <summary>Loops over vectors that are not matrix products. Spans of one call have equal lengths and do not overlap.</summary>
internal static unsafe class Elementwise
{
    public static void Relu(ReadOnlySpan<float> input, Span<float> output)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(input);
        var to = MemoryMarshal.Cast<float, Vector<float>>(output);
        for (var i = 0; i < from.Length; i++) to[i] = Vector.Max(from[i], Vector<float>.Zero);
        for (var i = from.Length * Vector<float>.Count; i < input.Length; i++) output[i] = Math.Max(input[i], 0);
    }

    /// <summary>Lets the gradient pass where the output was positive.</summary>
    public static void ReluGradient(ReadOnlySpan<float> output, ReadOnlySpan<float> outputGradient, Span<float> inputGradient)
    {
        var value = MemoryMarshal.Cast<float, Vector<float>>(output);
        var from = MemoryMarshal.Cast<float, Vector<float>>(outputGradient);
        var to = MemoryMarshal.Cast<float, Vector<float>>(inputGradient);
        for (var i = 0; i < to.Length; i++)
            to[i] = Vector.ConditionalSelect(Vector.GreaterThan(value[i], Vector<float>.Zero), from[i], Vector<float>.Zero);
        for (var i = to.Length * Vector<float>.Count; i < output.Length; i++) inputGradient[i] = output[i] > 0 ? outputGradient[i] : 0;
    }

    /// <summary>sums[j] = (or +=) the sum of column j of a dense [rows x sums.Length] matrix.</summary>
    public static void SumRows(float* matrix, int rows, Span<float> sums, bool accumulate)
    {
        if (!accumulate) sums.Clear();
        for (var i = 0; i < rows; i++, matrix += sums.Length) Add(new ReadOnlySpan<float>(matrix, sums.Length), sums);
    }

    /// <summary>target += source.</summary>
    public static void Add(ReadOnlySpan<float> source, Span<float> target)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(source);
        var to = MemoryMarshal.Cast<float, Vector<float>>(target);
        for (var i = 0; i < to.Length; i++) to[i] += from[i];
        for (var i = to.Length * Vector<float>.Count; i < target.Length; i++) target[i] += source[i];
    }

    /// <summary>weights -= rate * (gradient + decay * weights): one step of gradient descent.</summary>
    public static void Descend(Span<float> weights, ReadOnlySpan<float> gradient, float rate, float decay)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var to = MemoryMarshal.Cast<float, Vector<float>>(weights);
        for (var i = 0; i < to.Length; i++) to[i] -= rate * (from[i] + (decay * to[i]));
        for (var i = to.Length * Vector<float>.Count; i < weights.Length; i++) weights[i] -= rate * (gradient[i] + (decay * weights[i]));
    }

    /// <summary>velocity = momentum * velocity + gradient + decay * weights; weights -= rate * velocity.</summary>
    public static void Descend(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> velocity, float rate, float momentum, float decay)
    {
        var from = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var to = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var speed = MemoryMarshal.Cast<float, Vector<float>>(velocity);
        for (var i = 0; i < to.Length; i++)
        {
            speed[i] = (momentum * speed[i]) + from[i] + (decay * to[i]);
            to[i] -= rate * speed[i];
        }

        for (var i = to.Length * Vector<float>.Count; i < weights.Length; i++)
        {
            velocity[i] = (momentum * velocity[i]) + gradient[i] + (decay * weights[i]);
            weights[i] -= rate * velocity[i];
        }
    }
}
