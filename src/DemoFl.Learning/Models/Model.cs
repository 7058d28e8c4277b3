using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>
/// A classifier: the shapes of its parameters and the arithmetic from one example to one logit per class. It holds no parameters (they
/// are a flat vector of Layout.Length floats that callers own) and is safe to share between threads. Built by <see cref="Models.Parse"/>.
/// </summary>
public sealed class Model
{
    private readonly ImmutableArray<int> _offsets;

    internal Model(string name, InputShape input, int classes, ImmutableArray<Layer> layers)
    {
        Name = name;
        Input = input;
        Classes = classes;
        Layers = layers;
        Layout = new ParameterLayout(layers.SelectMany(layer => layer.Tensors));

        var offsets = ImmutableArray.CreateBuilder<int>(layers.Length);
        var offset = 0;
        foreach (var layer in layers)
        {
            offsets.Add(offset);
            offset += layer.Tensors.Sum(tensor => tensor.Length);
        }

        _offsets = offsets.MoveToImmutable();
        FixedLength = layers.TakeWhile(layer => !layer.IsTrained).SelectMany(layer => layer.Tensors).Sum(tensor => tensor.Length);
    }

    /// <summary>The specification it was built from, for example <c>mlp:128</c>.</summary>
    public string Name { get; }

    /// <summary>The shape of one example.</summary>
    public InputShape Input { get; }

    /// <summary>The number of classes.</summary>
    public int Classes { get; }

    /// <summary>The named tensors and how they lie in the parameter vector; PyTorch's names, order and shapes.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>
    /// How many parameters at the vector's beginning are not trained: the columns' scale in a standardized model (<see cref="Models.Standardized"/>),
    /// else none.
    /// </summary>
    public int FixedLength { get; }

    internal ImmutableArray<Layer> Layers { get; }

    /// <summary>Draws first parameters: He-uniform weights, zero biases. Equal seeds give equal bits on every platform.</summary>
    public float[] Initialise(ulong seed)
    {
        var parameters = new float[Layout.Length];
        var random = new SeededRandom(seed);
        for (var i = 0; i < Layers.Length; i++) Layers[i].Initialise(parameters.AsSpan(_offsets[i]), random);
        return parameters;
    }

    /// <summary>Where layer <paramref name="index"/>'s part of the parameter vector starts.</summary>
    internal int OffsetOf(int index) => _offsets[index];

    /// <summary>Throws unless the data set has this model's input shape and no more classes than it.</summary>
    internal void RequireFits(Dataset data)
    {
        if (data.Input != Input || data.Classes > Classes)
        {
            throw new ArgumentException(
                $"The model {Name} takes {Input} and {Classes} classes, the data set has {data.Input} "
                + $"and {data.Classes}; build it for the data set.");
        }
    }

    /// <summary>Throws unless the vector has as many values as the model has parameters.</summary>
    internal void RequireLength(int parameters)
    {
        if (parameters != Layout.Length)
            throw new ArgumentException($"The model {Name} has {Layout.Length} parameters, but {parameters} values were given.");
    }
}
