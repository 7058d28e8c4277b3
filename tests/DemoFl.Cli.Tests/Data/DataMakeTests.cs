using DemoFl.Cli.Commands;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Data;

public sealed class DataMakeTests : IDisposable
{
    private const string Grey = "generated:classes=3,train=40,test=20,size=6", Colour = "generated:train=12,test=5,size=32,channels=3";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(Grey, "idx", false)]
    [InlineData(Grey, "idx", true)]
    [InlineData(Colour, "cifar10", false)]
    [InlineData(Colour, "cifar10", true)]
    public async Task Make_Images_ReadBackWithinHalfAPixelStep(string spec, string format, bool gzip)
    {
        string[] args = ["make", "--spec", spec, "--out", _folder["made"], .. gzip ? ["--gzip"] : Array.Empty<string>()];
        var facts = await DataCommand.Create().FactsAsync(args);

        Assert.Equal(format, facts.Text("format"));
        Assert.All(_folder.Files, file => Assert.Equal(gzip, file.EndsWith(".gz", StringComparison.Ordinal)));
        var (expected, actual) = (Datasets.Load(spec), Datasets.Load(facts.Text("spec")));
        var range = PixelRange.Of(expected);
        foreach (var (want, got) in new[] { (expected.Train, actual.Train), (expected.Test, actual.Test) })
        {
            Assert.Equal((want.Input, want.Classes, want.Count), (got.Input, got.Classes, got.Count));
            Assert.Equal(want.Labels, got.Labels);
            for (var i = 0; i < want.Count; i++)
            {
                var (source, read) = (want.FeaturesOf(i).ToArray(), got.FeaturesOf(i).ToArray());
                Assert.All(source.Zip(read),
                    pair => Assert.InRange(Math.Abs(((pair.First - range.Low) / (range.High - range.Low)) - pair.Second), 0, 0.501 / 255));
            }
        }
    }

    [Fact]
    public async Task Make_Csv_ReadsBackTheSameFloats()
    {
        var facts = await DataCommand.Create().FactsAsync("make", "--spec", Grey, "--format", "csv", "--out", _folder["made"]);
        Assert.Equal(Examples.Of(Datasets.Load(Grey).Train), Examples.Of(Datasets.Load(facts.Text("spec")).Train));
        Assert.Equal(["made/test.csv", "made/train.csv"], _folder.Files);
    }

    [Fact]
    public async Task Make_ImagesReadFromFiles_WritesTheSamePixels()
    {
        await DataCommand.Create().RunAsync("make", "--spec", Grey, "--out", _folder["first"]);
        await DataCommand.Create().RunAsync("make", "--spec", $"mnist:{_folder["first"]},classes=3", "--out", _folder["second"]);
        foreach (var file in Directory.GetFiles(_folder["first"]))
            Assert.Equal(await File.ReadAllBytesAsync(file), await File.ReadAllBytesAsync(_folder["second", Path.GetFileName(file)]));
    }

    [Fact]
    public async Task Make_FolderWithFiles_RefusesAndTouchesNothing()
    {
        Directory.CreateDirectory(_folder["mine"]);
        _folder.Write("mine/train-images-idx3-ubyte", "precious");
        await DataCommand.Create().RefusesAsync(
            ["make", "--spec", Grey, "--out", _folder["mine"]], ExitCode.Usage, _folder["mine"], "not empty", "Name a new one by --out");
        Assert.Equal(["mine/train-images-idx3-ubyte"], _folder.Files);
        Assert.Equal("precious", await File.ReadAllTextAsync(_folder["mine", "train-images-idx3-ubyte"]));
    }

    [Fact]
    public async Task Make_EmptyFolder_IsFilledAndNothingElseIsLeft()
    {
        Directory.CreateDirectory(_folder["empty"]);
        await DataCommand.Create().RunAsync("make", "--spec", Grey, "--out", _folder["empty"]);
        Assert.Equal(4, _folder.Files.Length);
        Assert.All(_folder.Files, file => Assert.StartsWith("empty", file, StringComparison.Ordinal));
        Assert.Equal([_folder["empty"]], Directory.GetDirectories(_folder.Path));
    }

    [Fact]
    public async Task Make_ColourAsIdx_NamesTheFormatThatFits() =>
        await DataCommand.Create().RefusesAsync(
            ["make", "--spec", Colour, "--format", "idx", "--out", _folder["made"]], ExitCode.Usage, "idx", "32x32x3", "--format csv");

    [Theory]
    [InlineData("generated:clases=3", "'clases'")]
    [InlineData("csv:missing.csv", "missing.csv")]
    [InlineData("parquet:x", "'parquet:x'")]
    public async Task Make_WrongSpec_NamesItAndWritesNothing(string spec, string word)
    {
        await DataCommand.Create().RefusesAsync(["make", "--spec", spec, "--out", _folder["made"]], ExitCode.Usage, word);
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();
}
