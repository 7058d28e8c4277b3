using System.Runtime.Intrinsics;

namespace DemoFl.Learning;

/// <summary>
/// ReLU and 2x2 max-pooling with stride 2 on channels-last images: max and ReLU commute, so ReLU costs nothing. The gradient goes to the
/// first of the four that is the maximum, if that is positive. An odd last row or column is dropped, as in PyTorch.
/// </summary>
internal sealed unsafe class PoolLayer : Layer
{
    private const int Lanes = 8;

    private readonly int _channels, _height, _width;

    public PoolLayer(int channels, int height, int width)
        : base(channels * height * width, channels * (height / 2) * (width / 2))
    {
        if (channels % Lanes != 0) throw new ArgumentException($"{channels} channels are not a multiple of {Lanes}.", nameof(channels));
        (_channels, _height, _width) = (channels, height, width);
    }

    private nint InputRow => (nint)_width * _channels;

    public override void Forward(in LayerPass pass)
    {
        var output = pass.Output;
        for (nint example = 0; example < pass.Examples; example++)
        {
            for (nint y = 0; y < _height / 2; y++)
            {
                var top = pass.Input + (example * InputLength) + (2 * y * InputRow);
                for (nint x = 0; x < _width / 2; x++, top += 2 * _channels)
                {
                    for (nint channel = 0; channel < _channels; channel += Lanes, output += Lanes)
                    {
                        var at = top + channel;
                        var upper = Vector256.Max(Vector256.Load(at), Vector256.Load(at + _channels));
                        var lower = Vector256.Max(Vector256.Load(at + InputRow), Vector256.Load(at + InputRow + _channels));
                        Vector256.Max(Vector256.Max(upper, lower), Vector256<float>.Zero).Store(output);
                    }
                }
            }
        }
    }

    public override void Backward(in LayerPass pass)
    {
        if (pass.InputGradient == null) return;
        if (((_height | _width) & 1) != 0) new Span<float>(pass.InputGradient, checked(pass.Examples * InputLength)).Clear();

        nint from = 0;
        for (nint example = 0; example < pass.Examples; example++)
        {
            for (nint y = 0; y < _height / 2; y++)
            {
                var top = (example * InputLength) + (2 * y * InputRow);
                for (nint x = 0; x < _width / 2; x++, top += 2 * _channels)
                {
                    for (nint channel = 0; channel < _channels; channel += Lanes, from += Lanes) Route(pass, from, top + channel);
                }
            }
        }
    }

    private void Route(in LayerPass pass, nint from, nint to)
    {
        var maximum = Vector256.Load(pass.Output + from);
        var gradient = Vector256.Load(pass.OutputGradient + from) & Vector256.GreaterThan(maximum, Vector256<float>.Zero);
        gradient = Take(pass, to, maximum, gradient);
        gradient = Take(pass, to + _channels, maximum, gradient);
        gradient = Take(pass, to + InputRow, maximum, gradient);
        Take(pass, to + InputRow + _channels, maximum, gradient);
    }

    // Gives the gradient to the lanes whose input is the maximum, and returns what is left for the other inputs.
    private static Vector256<float> Take(in LayerPass pass, nint index, Vector256<float> maximum, Vector256<float> gradient)
    {
        var mine = Vector256.Equals(Vector256.Load(pass.Input + index), maximum);
        (gradient & mine).Store(pass.InputGradient + index);
        return Vector256.AndNot(gradient, mine);
    }
}
