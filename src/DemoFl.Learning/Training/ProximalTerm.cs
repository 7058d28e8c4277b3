using System.Numerics;
using System.Runtime.InteropServices;

namespace DemoFl.Learning;

/// <summary>FedProx's penalty (Li et al., 2020, eq. 2), (mu / 2) |w - w_t|^2, by its gradient.</summary>
internal static class ProximalTerm
{
    /// <summary>gradient += mu * (weights - anchor).</summary>
    public static void Add(Span<float> gradient, ReadOnlySpan<float> weights, ReadOnlySpan<float> anchor, float mu)
    {
        var to = MemoryMarshal.Cast<float, Vector<float>>(gradient);
        var here = MemoryMarshal.Cast<float, Vector<float>>(weights);
        var there = MemoryMarshal.Cast<float, Vector<float>>(anchor);
        for (var i = 0; i < to.Length; i++) to[i] += mu * (here[i] - there[i]);
        for (var i = to.Length * Vector<float>.Count; i < gradient.Length; i++) gradient[i] += mu * (weights[i] - anchor[i]);
    }
}
