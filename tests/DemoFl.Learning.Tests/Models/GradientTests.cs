namespace DemoFl.Learning.Tests.Models;

/// <summary>Every layer's gradient against central finite differences of the loss. The models together use every layer.</summary>
public sealed class GradientTests
{
    private const int Examples = 5;

    [Theory]
    [InlineData("softmax", 1, 5, 7, 3)]
    [InlineData("softmax", 3, 4, 4, 10)]
    [InlineData("mlp:33", 1, 1, 19, 4)]
    [InlineData("mlp:40,17", 1, 6, 6, 5)]
    [InlineData("cnn", 1, 8, 8, 4)]
    [InlineData("cnn", 3, 7, 10, 10)]
    [InlineData("cnn", 1, 4, 5, 2)]
    [InlineData("standardized:softmax", 1, 1, 7, 3)]
    [InlineData("standardized:mlp:40,17", 1, 1, 19, 4)]
    [InlineData("standardized:cnn", 3, 7, 10, 10)]
    public void Backward_AnyModel_MatchesFiniteDifferences(string spec, int channels, int height, int width, int classes)
    {
        var model = DemoFl.Learning.Models.Parse(spec, new InputShape(channels, height, width), classes);
        var random = new SeededRandom(7);
        var parameters = model.Initialise(3);
        foreach (ref var scale in parameters.AsSpan(0, model.FixedLength)) scale = (float)random.NextBetween(0.5, 1.5);
        var features = new float[Examples * model.Input.Length];
        foreach (ref var feature in features.AsSpan()) feature = (float)random.NextBetween(-1, 1);
        var workspace = new ModelWorkspace(model, Examples, training: true);
        var gradient = new float[parameters.Length];

        Loss(model, workspace, parameters, features, classes);
        workspace.Backward(parameters, gradient, Examples, accumulate: false);

        for (var tensor = 0; tensor < model.Layout.Tensors.Count; tensor++)
        {
            if (model.Layout.OffsetOf(tensor) < model.FixedLength)
            {
                Assert.All(gradient.AsSpan(model.Layout.OffsetOf(tensor), model.Layout.Tensors[tensor].Length).ToArray(), value => Assert.Equal(0, value));
                continue;
            }

            var smooth = 0;
            for (var sample = 0; sample < 12; sample++)
            {
                var index = model.Layout.OffsetOf(tensor) + random.NextBelow(model.Layout.Tensors[tensor].Length);
                if (Difference(model, parameters, features, classes, index) is not { } numeric) continue;
                smooth++;
                Assert.True(
                    Math.Abs(numeric - gradient[index]) < 1e-3 + (0.01 * Math.Abs(numeric)),
                    $"{model.Layout.Tensors[tensor]} at {index}: {gradient[index]}, by differences {numeric}");
            }

            Assert.True(smooth >= 4, $"{model.Layout.Tensors[tensor]}: too few smooth places to judge");
        }

        Assert.Contains(gradient, value => value != 0);
    }

    [Fact]
    public void Backward_InChunks_EqualsWholeBatch()
    {
        var model = DemoFl.Learning.Models.Parse("cnn", new InputShape(1, 8, 8), 3);
        var random = new SeededRandom(11);
        var parameters = model.Initialise(5);
        var features = new float[4 * model.Input.Length];
        foreach (ref var feature in features.AsSpan()) feature = (float)random.NextDouble();

        var whole = Gradient(model, parameters, features, 4);
        var chunked = Gradient(model, parameters, features, 2);

        for (var i = 0; i < whole.Length; i++) Assert.Equal(whole[i], chunked[i], 1e-4f);
    }

    private static float[] Gradient(Model model, float[] parameters, float[] features, int chunk)
    {
        var gradient = new float[parameters.Length];
        var workspace = new ModelWorkspace(model, chunk, training: true);
        for (var first = 0; first < 4; first += chunk)
        {
            for (var i = 0; i < chunk; i++)
                features.AsSpan((first + i) * model.Input.Length, model.Input.Length).CopyTo(workspace.InputOf(i));
            workspace.Forward(parameters, chunk);
            for (var i = 0; i < chunk; i++)
                SoftmaxLoss.LossAndGradient(workspace.LogitsOf(i), (first + i) % 3, 0.25f, workspace.LogitsGradientOf(i));
            workspace.Backward(parameters, gradient, chunk, accumulate: first > 0);
        }

        return gradient;
    }

    // Nothing where the slopes to both sides differ: there a ReLU or a maximum switches within the step, and no gradient exists.
    private static double? Difference(Model model, float[] parameters, float[] features, int classes, int index)
    {
        const float step = 1e-3f;
        var workspace = new ModelWorkspace(model, Examples, training: true);
        var moved = parameters.ToArray();
        var here = Loss(model, workspace, moved, features, classes);
        moved[index] = parameters[index] + step;
        var above = (Loss(model, workspace, moved, features, classes) - here) / (moved[index] - parameters[index]);
        moved[index] = parameters[index] - step;
        var below = (Loss(model, workspace, moved, features, classes) - here) / (moved[index] - parameters[index]);
        return Math.Abs(above - below) < 1e-3 + (0.02 * Math.Abs(above)) ? (above + below) / 2 : null;
    }

    private static double Loss(Model model, ModelWorkspace workspace, float[] parameters, float[] features, int classes)
    {
        var length = model.Input.Length;
        for (var i = 0; i < Examples; i++) features.AsSpan(i * length, length).CopyTo(workspace.InputOf(i));
        workspace.Forward(parameters, Examples);
        double loss = 0;
        for (var i = 0; i < Examples; i++)
            loss += SoftmaxLoss.LossAndGradient(workspace.LogitsOf(i), i % classes, 1f / Examples, workspace.LogitsGradientOf(i));
        return loss / Examples;
    }
}
