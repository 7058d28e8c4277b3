using DemoFl.Cli.Jobs;
using DemoFl.Learning;
using DemoFl.Relay;

namespace DemoFl.Cli.Tests.Jobs;

public sealed class StartModelTests : IDisposable
{
    private static readonly string[] Softmax = ["data=generated:classes=3,train=30,test=20,size=2", "model=softmax"];
    private static readonly float[] Bias = [1, 2, 3];
    private static readonly float[] Weight = [.. Enumerable.Range(0, 12).Select(i => i / 8f)];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Make_Start_IsTheFirstModelWhateverTheOrderOfItsTensors()
    {
        string path = Write("w", ("fc1.bias", [3], Bias), ("fc1.weight", [3, 4], Weight));
        var job = Make(path);

        Assert.Equal([.. Weight, .. Bias], job.Start.ToArray());
        Assert.Equal(["fc1.weight[3,4]", "fc1.bias[3]"], job.Parameters.Tensors.Select(t => t.ToString()));
        Assert.NotNull(job.HeldOut);
    }

    [Fact]
    public void Make_AnotherStartUnderTheSameName_IsAnotherJob()
    {
        string path = Write("w", ("fc1.bias", [3], Bias), ("fc1.weight", [3, 4], Weight));
        string text = Make(path).Text;
        Assert.Equal(text, Make(path).Text);
        Assert.Matches(" start-sha256=[0-9a-f]{64}$", text);
        Write("w", ("fc1.bias", [3], Bias), ("fc1.weight", [3, 4], [.. Weight.Reverse()]));

        Assert.NotEqual(text, Make(path).Text);
    }

    [Fact]
    public void Make_StartThatDoesNotFit_NamesEveryTensorAndBothShapes()
    {
        string path = Write("w", ("fc1.weight", [4, 3], Weight), ("head.bias", [3], Bias));
        var refusal = Assert.Throws<CliException>(() => Make(path));
        Assert.Equal(
            $"start: {path} does not fit the model softmax: its fc1.weight[4,3] must be fc1.weight[3,4]; it has no fc1.bias[3]; the model has no head.bias[3].",
            refusal.Message);
        Assert.Equal(ExitCode.Usage, refusal.ExitCode);
    }

    [Fact]
    public void Make_StartOfAnotherModel_SaysHowManyMoreDiffer()
    {
        string path = Write("w", [.. Enumerable.Range(0, 9).Select(i => ($"t{i}", new[] { 1 }, new float[1]))]);
        Assert.EndsWith("; and 6 more.", Assert.Throws<CliException>(() => Make(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Make_StartThatIsNotFinite_IsRefused(float value)
    {
        string path = Write("w", ("fc1.bias", [3], [0, value, 0]), ("fc1.weight", [3, 4], Weight));
        Assert.Contains($"holds {value} at parameter 1", Assert.Throws<CliException>(() => Make(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_NoFileOrNoModelInIt_NamesTheFile()
    {
        Assert.Equal(
            $"start: there is no file {_folder["none"]}. Name a safetensors file, or use start: random.",
            Assert.Throws<CliException>(() => Make(_folder["none"])).Message);
        string garbage = _folder.Write("garbage", "not a model at all, but long enough to have a length");
        Assert.StartsWith($"start: {garbage}: ", Assert.Throws<InvalidDataException>(() => Make(garbage)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Make_TensorWithAnEndlessName_IsRefused() => Assert.Contains(
        "up to 256 bytes", Assert.Throws<CliException>(() => Make(Write("w", (new string('x', 257), [1], [0])))).Message, StringComparison.Ordinal);

    [Fact]
    public void Make_ExternalModel_TakesTensorsAndValuesFromTheFileAsTheyAre()
    {
        string path = Write("w", ("encoder.0", [2, 2], [1, 2, 3, 4]), ("scale", [], [5]));
        var job = JobFactory.Make(JobReader.Read(null, ["model=external", $"start={path}", "evaluate=false"]));

        Assert.Equal(["encoder.0[2,2]", "scale[]"], job.Parameters.Tensors.Select(t => t.ToString()));
        Assert.Equal([1f, 2f, 3f, 4f, 5f], job.Start.ToArray());
        Assert.Equal(("external", 5, null, null), (job.Rules.Training.Model, job.Rules.Training.Dimension, job.Model, job.HeldOut));
    }

    public void Dispose() => _folder.Dispose();

    private static Job Make(string path) => JobFactory.Make(JobReader.Read(null, [.. Softmax, $"start={path}"]));

    private string Write(string name, params (string Name, int[] Shape, float[] Values)[] tensors)
    {
        Safetensors.Write(
            _folder[name], new ParameterLayout(tensors.Select(t => new TensorShape(t.Name, [.. t.Shape]))), [.. tensors.SelectMany(t => t.Values)]);
        return _folder[name];
    }
}
