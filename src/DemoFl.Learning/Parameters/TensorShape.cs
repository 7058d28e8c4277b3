using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>The name and the dimensions of one float32 tensor, in row-major order. Immutable; equal when name and dimensions are.</summary>
public sealed record TensorShape
{
    /// <summary>The most dimensions a tensor may have.</summary>
    public const int MaxRank = 8;

    /// <summary>Describes a tensor; no dimensions at all make a scalar of length 1.</summary>
    /// <exception cref="ArgumentException">The name is empty, a dimension is below 1, the rank is above <see cref="MaxRank"/>, or the
    /// length exceeds <see cref="int.MaxValue"/>.</exception>
    public TensorShape(string name, ImmutableArray<int> dimensions)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (dimensions.IsDefault || dimensions.Length > MaxRank)
            throw new ArgumentException($"Tensor '{name}' must have at most {MaxRank} dimensions.", nameof(dimensions));

        long length = 1;
        foreach (var dimension in dimensions)
        {
            if (dimension < 1)
                throw new ArgumentException(
                    $"Tensor '{name}' has a dimension of {dimension}; every dimension must be at least 1.", nameof(dimensions));
            length *= dimension;
            if (length > int.MaxValue)
                throw new ArgumentException($"Tensor '{name}' has more than {int.MaxValue} elements.", nameof(dimensions));
        }

        Name = name;
        Dimensions = dimensions;
        Length = (int)length;
    }

    /// <summary>The tensor's name, for example <c>conv1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The dimensions, outermost first.</summary>
    public ImmutableArray<int> Dimensions { get; }

    /// <summary>The number of elements: the product of the dimensions.</summary>
    public int Length { get; }

    /// <inheritdoc/>
    public bool Equals(TensorShape? other) =>
        other is not null && Name == other.Name && Dimensions.AsSpan().SequenceEqual(other.Dimensions.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Length);

    /// <summary>The shape for people, for example <c>conv1.weight[32,1,5,5]</c>.</summary>
    public override string ToString() => $"{Name}[{string.Join(',', Dimensions)}]";
}
