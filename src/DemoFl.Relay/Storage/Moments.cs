using System.Runtime.InteropServices;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Relay.Storage;

/// <summary>A server optimiser's state between two rounds, with its hash. Immutable.</summary>
internal sealed class Moments
{
    private readonly float[] _values;

    /// <summary>The array is not changed afterwards.</summary>
    public Moments(ParameterLayout layout, float[] values)
    {
        (Layout, _values) = (layout, values);
        Hash = Hash256.Of(MemoryMarshal.AsBytes(values.AsSpan()));
    }

    public ParameterLayout Layout { get; }

    /// <summary>Over the float32 bytes.</summary>
    public Hash256 Hash { get; }

    public ReadOnlySpan<float> Values => _values;
}
