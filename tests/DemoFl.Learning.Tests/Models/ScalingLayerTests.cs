namespace DemoFl.Learning.Tests.Models;

public sealed class ScalingLayerTests
{
    [Fact]
    public void Forward_AnyScale_IsWhatTheFormulaSays()
    {
        float[] means = [0, 10, 1e9f, -1e-5f], magnitudes = [1, 12, 1e9f, 1e-5f], variances = [1, 0.25f, 1e-6f, 0];
        float[][] inputs = [[3, 22, 1.001e9f, -2e-5f], [-1, 0, 0.999e9f, 0]];
        var outputs = Forward(means, magnitudes, variances, inputs);
        for (var example = 0; example < inputs.Length; example++)
        {
            for (var column = 0; column < means.Length; column++)
            {
                var expected = ((double)inputs[example][column] - means[column]) / (magnitudes[column] * Math.Sqrt(variances[column] + 1e-10));
                Assert.InRange(outputs[example][column], expected - Math.Abs(1e-6 * expected), expected + Math.Abs(1e-6 * expected));
            }
        }
    }

    [Theory]
    [InlineData(0, 0, 1)] // all zeros
    [InlineData(0, -1e-7f, 1)] // what rounding can leave of all zeros
    [InlineData(0, 1e-45f, 0)]
    public void Forward_ColumnOfZeros_GivesZeros(float mean, float magnitude, float variance) =>
        Assert.Equal([0f], Forward([mean], [magnitude], [variance], [[0f]])[0]);

    [Theory]
    [InlineData(7.3f)]
    [InlineData(-1e8f)]
    [InlineData(3e-6f)]
    public void Forward_ConstantColumn_GivesNextToNothing(float value)
    {
        // What an encoding may have left of the variance, and the mean off by its last bit.
        var output = Forward([MathF.BitIncrement(value)], [Math.Abs(value)], [-1e-11f], [[value]])[0][0];
        Assert.InRange(output, -0.02, 0.02);
    }

    [Fact]
    public void Forward_BeforeAnythingIsMeasured_GivesZeros()
    {
        var model = DemoFl.Learning.Models.Parse("standardized:softmax", new InputShape(1, 1, 3), 2);
        Assert.All(Forward(model, model.Initialise(1), [[1f, -2e6f, 3e-6f]])[0], output => Assert.Equal(0, output));
    }

    private static float[][] Forward(float[] means, float[] magnitudes, float[] variances, float[][] inputs)
    {
        var model = DemoFl.Learning.Models.Parse("standardized:softmax", new InputShape(1, 1, means.Length), 2);
        var parameters = model.Initialise(1);
        float[] scale = [.. means, .. magnitudes, .. variances];
        scale.CopyTo(parameters, 0);
        return Forward(model, parameters, inputs);
    }

    private static unsafe float[][] Forward(Model model, float[] parameters, float[][] inputs)
    {
        var (layer, length) = (model.Layers[0], model.Input.Length);
        float[] input = [.. inputs.SelectMany(x => x)], output = new float[input.Length], scratch = new float[layer.ScratchLength(inputs.Length)];
        fixed (float* weights = parameters, from = input, to = output, work = scratch)
        {
            layer.Forward(new LayerPass { Examples = inputs.Length, Parameters = weights, Input = from, Output = to, Scratch = work });
        }

        return [.. output.Chunk(length)];
    }
}
