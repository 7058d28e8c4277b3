using System.Collections.Immutable;
using System.Text;
using Google.Protobuf.Collections;

namespace DemoFl.Wire;

/// <summary>A model's tensors, by name and dimensions, to and from their messages.</summary>
public static class TensorLists
{
    /// <summary>One tensor.</summary>
    public static V1.Tensor ToWire(string name, IEnumerable<int> dimensions) => new() { Name = name, Dimensions = { dimensions.Select(d => (uint)d) } };

    /// <summary>The tensors; that their names differ and that they fit a vector is for who lays them out.</summary>
    /// <exception cref="WireFormatException">There are more, or longer names, or more dimensions, than <see cref="WireLimits"/> has.</exception>
    public static ImmutableArray<(string Name, ImmutableArray<int> Dimensions)> FromWire(RepeatedField<V1.Tensor> tensors, string field) =>
        Field.List(tensors, field, WireLimits.MaxTensors, tensor => (
            Name(tensor.Name, $"{field}.name"),
            Field.List(tensor.Dimensions, $"{field}.dimensions", WireLimits.MaxTensorRank, d => Field.Int(d, $"{field}.dimensions", int.MaxValue))));

    private static string Name(string name, string field) => Encoding.UTF8.GetByteCount(name) is > 0 and <= WireLimits.MaxTensorNameBytes
        ? name
        : throw new WireFormatException($"{field} must be 1 to {WireLimits.MaxTensorNameBytes} bytes, not {Encoding.UTF8.GetByteCount(name)}.");
}
