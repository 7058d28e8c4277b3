using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>
/// How a model's named tensors lie in one flat vector of d float32 values: one after the other, in this order, each row-major.
/// Immutable and safe to share between threads.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>The most tensors a model may have.</summary>
    public const int MaxTensors = 65_536;

    private readonly ImmutableArray<TensorShape> _tensors;
    private readonly ImmutableArray<int> _offsets;

    /// <summary>Lays the tensors out in the order given.</summary>
    /// <exception cref="ArgumentException">There are none or more than <see cref="MaxTensors"/>, two share a name, or together they exceed
    /// the
    /// longest array (<see cref="Array.MaxLength"/>).</exception>
    public ParameterLayout(IEnumerable<TensorShape> tensors)
    {
        _tensors = [.. tensors];
        if (_tensors.Length is 0 or > MaxTensors)
            throw new ArgumentException($"A model has 1 to {MaxTensors} tensors, not {_tensors.Length}.", nameof(tensors));

        var names = new HashSet<string>(StringComparer.Ordinal);
        var offsets = ImmutableArray.CreateBuilder<int>(_tensors.Length);
        long length = 0;
        foreach (var tensor in _tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"Two tensors are called '{tensor.Name}'; names must be unique.", nameof(tensors));
            offsets.Add((int)length);
            length += tensor.Length;
            if (length > Array.MaxLength)
                throw new ArgumentException($"The tensors have more than {Array.MaxLength} elements in total.", nameof(tensors));
        }

        _offsets = offsets.MoveToImmutable();
        Length = (int)length;
    }

    /// <summary>The tensors, in the order in which they lie in the vector.</summary>
    public IReadOnlyList<TensorShape> Tensors => _tensors;

    /// <summary>d: the number of parameters in all tensors together.</summary>
    public int Length { get; }

    /// <summary>Where tensor <paramref name="index"/> starts in the vector, in elements.</summary>
    public int OffsetOf(int index) => _offsets[index];

    /// <summary>
    /// Whether the other layout has the same tensors in the same order; if not, <paramref name="difference"/> says where they part.
    /// </summary>
    public bool SameAs(ParameterLayout other, out string difference)
    {
        for (var i = 0; i < Math.Min(_tensors.Length, other._tensors.Length); i++)
        {
            if (_tensors[i].Equals(other._tensors[i])) continue;
            difference = $"tensor {i} is {_tensors[i]} here and {other._tensors[i]} there";
            return false;
        }

        difference = _tensors.Length == other._tensors.Length ? "" : $"{_tensors.Length} tensors here and {other._tensors.Length} there";
        return difference.Length == 0;
    }
}
