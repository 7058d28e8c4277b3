using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>One step of a model: shapes and arithmetic, no state, so that one model serves many threads.</summary>
internal abstract class Layer(int inputLength, int outputLength)
{
    /// <summary>Values per example that go in.</summary>
    public int InputLength { get; } = inputLength;

    /// <summary>Values per example that come out.</summary>
    public int OutputLength { get; } = outputLength;

    /// <summary>The layer's tensors, in the order in which they lie in its part of the parameter vector.</summary>
    public virtual ImmutableArray<TensorShape> Tensors => [];

    /// <summary>Whether training changes the layer's tensors, if it has any.</summary>
    public virtual bool IsTrained => Tensors.Length > 0;

    /// <summary>How many floats of scratch memory passes over up to this many examples need.</summary>
    public virtual int ScratchLength(int maxExamples) => 0;

    /// <summary>Draws the layer's first parameters.</summary>
    public virtual void Initialise(Span<float> parameters, SeededRandom random)
    {
    }

    /// <summary>Computes Output from Input and Parameters.</summary>
    public abstract void Forward(in LayerPass pass);

    /// <summary>Computes Gradient and InputGradient from OutputGradient, after Forward on the same examples.</summary>
    public abstract void Backward(in LayerPass pass);

    /// <summary>Uniform in +-sqrt(6 / fanIn) (He et al., 2015), biases zero; only exact operations, so equal on every platform.</summary>
    protected static void InitialiseUniform(Span<float> weights, int fanIn, SeededRandom random)
    {
        var limit = Math.Sqrt(6.0 / fanIn);
        foreach (ref var weight in weights) weight = (float)random.NextBetween(-limit, limit);
    }
}
