namespace DemoFl.Learning;

/// <summary>The memory for passes of one model over up to MaxExamples examples at a time: allocated once, reused. One per thread.</summary>
internal sealed unsafe class ModelWorkspace
{
    private readonly Model _model;
    private readonly AlignedBuffer[] _activations;
    private readonly AlignedBuffer[] _scratch;
    private readonly AlignedBuffer?[] _gradients;
    private readonly Gemm _gemm = new();

    /// <param name="model">The model.</param>
    /// <param name="maxExamples">The most examples per pass.</param>
    /// <param name="training">Whether Backward will be called, which takes about twice the memory.</param>
    public ModelWorkspace(Model model, int maxExamples, bool training)
    {
        _model = model;
        MaxExamples = maxExamples;
        var layers = model.Layers;
        _activations = new AlignedBuffer[layers.Length + 1];
        _gradients = new AlignedBuffer?[layers.Length + 1];
        _activations[0] = new AlignedBuffer(checked(maxExamples * model.Input.Length));
        var hasParameters = false;
        for (var i = 0; i < layers.Length; i++)
        {
            _activations[i + 1] = new AlignedBuffer(checked(maxExamples * layers[i].OutputLength));

            // Gradients go back as far as there are parameters to learn.
            hasParameters |= layers[i].IsTrained;
            if (training && hasParameters) _gradients[i + 1] = new AlignedBuffer(checked(maxExamples * layers[i].OutputLength));
        }

        _scratch = [.. layers.Select(layer => new AlignedBuffer(layer.ScratchLength(maxExamples)))];
    }

    public int MaxExamples { get; }

    /// <summary>Where the features of example <paramref name="index"/> of the chunk go before Forward.</summary>
    public Span<float> InputOf(int index) => Row(_activations[0], index, _model.Input.Length);

    /// <summary>The logits of example <paramref name="index"/> after Forward.</summary>
    public ReadOnlySpan<float> LogitsOf(int index) => Row(_activations[^1], index, _model.Classes);

    /// <summary>Where the gradient of the loss by those logits goes before Backward.</summary>
    public Span<float> LogitsGradientOf(int index) =>
        Row(_gradients[^1] ?? throw new InvalidOperationException("The workspace was not made for training."), index, _model.Classes);

    /// <summary>Computes the logits of the first <paramref name="examples"/> inputs.</summary>
    public void Forward(ReadOnlySpan<float> parameters, int examples)
    {
        fixed (float* origin = parameters)
        {
            for (var i = 0; i < _model.Layers.Length; i++) _model.Layers[i].Forward(Pass(i, examples, origin, null, false));
        }
    }

    /// <summary>Computes the gradient of the loss by the parameters, or adds it to what the gradient holds.</summary>
    public void Backward(ReadOnlySpan<float> parameters, Span<float> gradient, int examples, bool accumulate)
    {
        fixed (float* origin = parameters)
        {
            fixed (float* gradientOrigin = gradient)
            {
                for (var i = _model.Layers.Length - 1; i >= 0; i--)
                    _model.Layers[i].Backward(Pass(i, examples, origin, gradientOrigin, accumulate));
            }
        }
    }

    private LayerPass Pass(int layer, int examples, float* parameters, float* gradient, bool accumulate)
    {
        var offset = _model.OffsetOf(layer);
        return new LayerPass
        {
            Examples = examples,
            Parameters = parameters + offset,
            Gradient = gradient == null ? null : gradient + offset,
            Accumulate = accumulate,
            Input = _activations[layer].Pointer,
            Output = _activations[layer + 1].Pointer,
            OutputGradient = Address(_gradients[layer + 1]),
            InputGradient = Address(_gradients[layer]),
            Scratch = _scratch[layer].Pointer,
            Gemm = _gemm,
        };
    }

    private static float* Address(AlignedBuffer? buffer) => buffer is null ? null : buffer.Pointer;

    private static Span<float> Row(AlignedBuffer buffer, int index, int length) => buffer.Span.Slice(index * length, length);
}
