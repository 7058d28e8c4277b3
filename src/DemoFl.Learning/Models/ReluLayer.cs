namespace DemoFl.Learning;

/// <summary>y = max(x, 0).</summary>
internal sealed unsafe class ReluLayer(int length) : Layer(length, length)
{
    public override void Forward(in LayerPass pass) =>
        Elementwise.Relu(Span(pass.Input, pass.Examples), Span(pass.Output, pass.Examples));

    public override void Backward(in LayerPass pass)
    {
        if (pass.InputGradient == null) return;
        Elementwise.ReluGradient(
            Span(pass.Output, pass.Examples), Span(pass.OutputGradient, pass.Examples), Span(pass.InputGradient, pass.Examples));
    }

    private Span<float> Span(float* values, int examples) => new(values, checked(examples * InputLength));
}
