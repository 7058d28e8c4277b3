using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>y = W x + b, with W [outputs x inputs] as PyTorch's Linear keeps it.</summary>
internal sealed unsafe class DenseLayer(string name, int inputs, int outputs) : Layer(inputs, outputs)
{
    public override ImmutableArray<TensorShape> Tensors { get; } =
        [new TensorShape($"{name}.weight", [outputs, inputs]), new TensorShape($"{name}.bias", [outputs])];

    public override void Initialise(Span<float> parameters, SeededRandom random)
    {
        InitialiseUniform(parameters[..(InputLength * OutputLength)], InputLength, random);
        parameters[(InputLength * OutputLength)..].Clear();
    }

    public override void Forward(in LayerPass pass)
    {
        var bias = new ReadOnlySpan<float>(Bias(pass.Parameters), OutputLength);
        for (var i = 0; i < pass.Examples; i++) bias.CopyTo(new Span<float>(pass.Output + ((nint)i * OutputLength), OutputLength));
        var output = new Matrix(pass.Output, pass.Examples, OutputLength);
        var input = new Matrix(pass.Input, pass.Examples, InputLength);
        pass.Gemm.Multiply(input, Weights(pass.Parameters).Transposed, output, accumulate: true);
    }

    public override void Backward(in LayerPass pass)
    {
        var outputGradient = new Matrix(pass.OutputGradient, pass.Examples, OutputLength);
        var input = new Matrix(pass.Input, pass.Examples, InputLength);
        pass.Gemm.Multiply(outputGradient.Transposed, input, Weights(pass.Gradient), pass.Accumulate);
        Elementwise.SumRows(pass.OutputGradient, pass.Examples, new Span<float>(Bias(pass.Gradient), OutputLength), pass.Accumulate);
        if (pass.InputGradient != null)
            pass.Gemm.Multiply(outputGradient, Weights(pass.Parameters), new Matrix(pass.InputGradient, pass.Examples, InputLength));
    }

    private Matrix Weights(float* parameters) => new(parameters, OutputLength, InputLength);

    private float* Bias(float* parameters) => parameters + ((nint)InputLength * OutputLength);
}
