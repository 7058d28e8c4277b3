namespace DemoFl.Learning.Tests.Models;

/// <summary>The CNN's forward pass against a naive one in doubles that reads the parameters as PyTorch does.</summary>
public sealed class ForwardTests
{
    [Theory]
    [InlineData(1, 8, 8)]
    [InlineData(3, 9, 6)]
    [InlineData(2, 14, 15)]
    public void Forward_Cnn_MatchesNaiveConvolutions(int channels, int height, int width)
    {
        const int examples = 3;
        var model = DemoFl.Learning.Models.Parse("cnn", new InputShape(channels, height, width), 7);
        var random = new SeededRandom(5);
        var parameters = model.Initialise(2);
        foreach (ref var parameter in parameters.AsSpan()) parameter += (float)random.NextBetween(-0.02, 0.02);
        var workspace = new ModelWorkspace(model, examples, training: false);
        var inputs = new double[examples][];
        for (var i = 0; i < examples; i++)
        {
            foreach (ref var feature in workspace.InputOf(i)) feature = (float)random.NextBetween(-1, 1);
            inputs[i] = Array.ConvertAll(workspace.InputOf(i).ToArray(), feature => (double)feature);
        }

        workspace.Forward(parameters, examples);

        for (var i = 0; i < examples; i++)
        {
            var expected = Naive(model, parameters, inputs[i]);
            for (var j = 0; j < expected.Length; j++) Assert.Equal(expected[j], workspace.LogitsOf(i)[j], 1e-4);
        }
    }

    private static double[] Naive(Model model, float[] parameters, double[] image)
    {
        var (channels, height, width) = model.Input;
        float[] Tensor(int index) => parameters.AsSpan(model.Layout.OffsetOf(index), model.Layout.Tensors[index].Length).ToArray();
        var first = Pool(Convolve(image, channels, height, width, Tensor(0), Tensor(1)), 32, height, width);
        var second = Pool(Convolve(first, 32, height / 2, width / 2, Tensor(2), Tensor(3)), 64, height / 2, width / 2);
        var hidden = Array.ConvertAll(Dense(second, Tensor(4), Tensor(5)), value => Math.Max(0, value));
        return Dense(hidden, Tensor(6), Tensor(7));
    }

    private static double[] Convolve(double[] image, int channels, int height, int width, float[] weights, float[] bias)
    {
        var output = new double[bias.Length * height * width];
        for (var i = 0; i < output.Length; i++)
        {
            var (filter, y, x) = (i / (height * width), i / width % height, i % width);
            output[i] = bias[filter];
            for (var k = 0; k < channels * 25; k++)
            {
                var (channel, fromY, fromX) = (k / 25, y + (k / 5 % 5) - 2, x + (k % 5) - 2);
                if (fromY < 0 || fromY >= height || fromX < 0 || fromX >= width) continue;
                output[i] += weights[(filter * channels * 25) + k] * image[(((channel * height) + fromY) * width) + fromX];
            }
        }

        return output;
    }

    private static double[] Pool(double[] image, int channels, int height, int width)
    {
        var (halfHeight, halfWidth) = (height / 2, width / 2);
        var output = new double[channels * halfHeight * halfWidth];
        for (var i = 0; i < output.Length; i++)
        {
            var (channel, y, x) = (i / (halfHeight * halfWidth), i / halfWidth % halfHeight * 2, i % halfWidth * 2);
            for (var corner = 0; corner < 4; corner++)
                output[i] = Math.Max(output[i], image[(((channel * height) + y + (corner / 2)) * width) + x + (corner % 2)]);
        }

        return output;
    }

    private static double[] Dense(double[] input, float[] weights, float[] bias) =>
        [.. bias.Select((start, i) => start + input.Select((value, j) => value * weights[(i * input.Length) + j]).Sum())];
}
