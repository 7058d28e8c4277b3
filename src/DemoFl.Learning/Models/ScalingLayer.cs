using System.Collections.Immutable;

namespace DemoFl.Learning;

/// <summary>
/// y = (x - mean) / (magnitude * sqrt(variance + epsilon)), column by column: the columns' scale as a federation measured it, which training leaves
/// as it is. The variance is in squares of the magnitude (the mean of |x|), so that a column's unit changes nothing. A column that is nothing but zeros
/// gives zeros.
/// </summary>
internal sealed unsafe class ScalingLayer(int length) : Layer(length, length)
{
    /// <summary>Far above what rounding leaves of a constant column's variance, and below that of a year's or a temperature's.</summary>
    public const double Epsilon = 1e-10;

    private const int TensorCount = 3;

    public override ImmutableArray<TensorShape> Tensors { get; } =
    [
        new TensorShape("scaling.mean", [length]), new TensorShape("scaling.magnitude", [length]), new TensorShape("scaling.variance", [length]),
    ];

    public override bool IsTrained => false;

    public override int ScratchLength(int maxExamples) => InputLength;

    /// <summary>The layer's tensors in its part of a parameter vector.</summary>
    public static void Split(Span<float> parameters, out Span<float> means, out Span<float> magnitudes, out Span<float> variances)
    {
        int length = parameters.Length / TensorCount;
        means = parameters[..length];
        magnitudes = parameters.Slice(length, length);
        variances = parameters[(2 * length)..];
    }

    /// <summary>
    /// Zeros, until columns are measured. A federation adds to these values, and only zero and zero make exactly the zero by which a column of nothing
    /// but zeros is known: from 1, the last bit of the encoding would be left, and divided by.
    /// </summary>
    public override void Initialise(Span<float> parameters, SeededRandom random)
    {
        Split(parameters[..(TensorCount * InputLength)], out var means, out var magnitudes, out var variances);
        means.Clear();
        magnitudes.Clear();
        variances.Fill(1);
    }

    public override void Forward(in LayerPass pass)
    {
        Split(new Span<float>(pass.Parameters, TensorCount * InputLength), out var means, out var magnitudes, out var variances);
        var factors = new Span<float>(pass.Scratch, InputLength);
        for (var column = 0; column < factors.Length; column++) factors[column] = Factor(magnitudes[column], variances[column]);

        for (nint example = 0; example < pass.Examples; example++)
        {
            var input = pass.Input + (example * InputLength);
            var output = pass.Output + (example * InputLength);
            for (var column = 0; column < factors.Length; column++) output[column] = (input[column] - means[column]) * factors[column];
        }
    }

    /// <summary>Nothing before this layer is trained, and neither is it.</summary>
    public override void Backward(in LayerPass pass)
    {
    }

    private static float Factor(float magnitude, float variance)
    {
        var factor = (float)(1 / (magnitude * Math.Sqrt(Math.Max(variance, 0) + Epsilon)));
        return factor > 0 && float.IsFinite(factor) ? factor : 0;
    }
}
