using System.Globalization;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Python;

/// <summary>The embedded models and their training are PyTorch's: the same names and shapes, the same gradients, the same steps.</summary>
public sealed class PyTorchParityTests : IDisposable
{
    private const int Batch = 24;
    private const double Tolerance = 1e-4;

    private readonly TemporaryFolder _folder = new();

    [PythonFact("torch", "numpy")]
    public Task Cnn_OneChannel_IsPyTorchs() => AssertSameAsync("cnn", new InputShape(1, 28, 28), new TrainingSettings(2, Batch, 0.05f));

    [PythonFact("torch", "numpy")]
    public Task Cnn_ThreeChannels_IsPyTorchs() => AssertSameAsync("cnn", new InputShape(3, 12, 16), new TrainingSettings(2, Batch, 0.05f, 0.9f));

    [PythonFact("torch", "numpy")]
    public Task Mlp_MomentumAndDecay_IsPyTorchs() =>
        AssertSameAsync("mlp:48,32", new InputShape(1, 12, 12), new TrainingSettings(2, Batch, 0.1f, 0.9f, 0.01f));

    [PythonFact("torch", "numpy")]
    public Task Softmax_ProximalTerm_IsPyTorchs() =>
        AssertSameAsync("softmax", new InputShape(1, 6, 6), new TrainingSettings(2, Batch, 0.5f, 0, 0, 0.5f));

    public void Dispose() => _folder.Dispose();

    /// <summary>Two steps, so that the second has momentum and is away from W_t; each on the whole batch, so that no order matters.</summary>
    private async Task AssertSameAsync(string spec, InputShape input, TrainingSettings settings)
    {
        var model = Models.Parse(spec, input, 10);
        var data = RandomData(input);
        float[] start = model.Initialise(7);
        Safetensors.Write(_folder["start"], model.Layout, start);
        WriteBatch(data);
        float[] gradient = GradientOf(model, data, start);
        float[] trained = [.. start];
        var result = new LocalTrainer(model, data).Train(trained, settings, 1, CancellationToken.None);

        var (exitCode, output) = await Interpreter.RunAsync(
        [
            Interpreter.Script("parity.py"), spec, _folder["start"], _folder["batch"], _folder["out"],
            .. new[] { settings.LearningRate, settings.Momentum, settings.WeightDecay, settings.Proximal }.Select(v => v.ToString(CultureInfo.InvariantCulture)),
        ]);

        Assert.True(exitCode == 0, output);
        var (layout, values, _) = Safetensors.Read(_folder["out"]);
        var theirs = layout.Tensors.Select((t, i) => (t.Name, Values: values.AsMemory(layout.OffsetOf(i), t.Length))).ToDictionary(t => t.Name, t => t.Values);
        for (int t = 0; t < model.Layout.Tensors.Count; t++)
        {
            var (name, range) = (model.Layout.Tensors[t].Name, model.Layout.OffsetOf(t)..(model.Layout.OffsetOf(t) + model.Layout.Tensors[t].Length));
            AssertNear($"gradient of {name}", gradient[range], theirs[$"gradient.{name}"].Span, []);

            // The step is compared, and not W, whose size would hide it.
            AssertNear(name, trained[range], theirs[name].Span, start[range]);
        }

        string[] words = output.Split();
        Assert.Equal(double.Parse(words[0], CultureInfo.InvariantCulture), result.LossSum, Tolerance * result.LossSum);
        Assert.Equal(words[1], result.Correct.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A step of length 1 is the gradient. W is small beside 1, so little is lost in the difference.</summary>
    private static float[] GradientOf(DemoFl.Learning.Model model, Dataset data, float[] start)
    {
        float[] moved = [.. start];
        new LocalTrainer(model, data).Train(moved, new TrainingSettings(1, Batch, 1), 1, CancellationToken.None);
        return [.. start.Zip(moved, (before, after) => before - after)];
    }

    private static void AssertNear(string what, ReadOnlySpan<float> ours, ReadOnlySpan<float> theirs, ReadOnlySpan<float> origin)
    {
        Assert.Equal(theirs.Length, ours.Length);
        double difference = 0, size = 0;
        for (int i = 0; i < ours.Length; i++)
        {
            float zero = origin.IsEmpty ? 0 : origin[i];
            difference += Math.Pow(ours[i] - theirs[i], 2);
            size += Math.Pow(theirs[i] - zero, 2);
        }

        Assert.True(size > 0, $"{what}: all zero, which would show nothing.");
        Assert.True(Math.Sqrt(difference / size) <= Tolerance, $"{what}: relative difference {Math.Sqrt(difference / size):e2}.");
    }

    private static Dataset RandomData(InputShape input)
    {
        var random = new Random(3);
        float[] features = [.. Enumerable.Range(0, Batch * input.Length).Select(_ => random.NextSingle() - 0.3f)];
        return new Dataset(input, 10, features, [.. Enumerable.Range(0, Batch).Select(i => i % 10)]);
    }

    private void WriteBatch(Dataset data)
    {
        var (channels, height, width) = data.Input;
        var layout = new ParameterLayout([new TensorShape("x", [Batch, channels, height, width]), new TensorShape("y", [Batch])]);
        float[] x = [.. Enumerable.Range(0, Batch).SelectMany(i => data.FeaturesOf(i).ToArray())];
        Safetensors.Write(_folder["batch"], layout, [.. x, .. data.Labels.ToArray().Select(l => (float)l)]);
    }
}
