using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using DemoFl.Cli.Tests.Processes;

namespace DemoFl.Cli.Tests.Python;

/// <summary>The package's examples run to their ends, on data of the same form and no meaning.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class ExampleTests : IDisposable
{
    private static readonly string Examples = Path.Combine(Interpreter.Package, "examples");

    private readonly TemporaryFolder _folder = new();

    [PythonFact("grpc", "google.protobuf", "sklearn")]
    public async Task BreastCancer_ThreeHospitals_TrainTogether()
    {
        var random = new Random(1);
        var rows = Enumerable.Range(0, 200).Select(i => string.Join(',', Enumerable.Range(0, 30)
            .Select(_ => (random.NextDouble() * (1 + (i % 2))).ToString(CultureInfo.InvariantCulture)).Append($"{i % 2}")));
        _folder.Write("data.csv", string.Join('\n', rows.Prepend("200,30,malignant,benign")));

        string output = await RunAsync("breast_cancer.py", "--data", _folder["data.csv"], "--parties", "3", "--rounds", "2");

        Assert.Contains("round   2  3 of 3 hospitals", output, StringComparison.Ordinal);
        Assert.Contains("together: ", output, StringComparison.Ordinal);
    }

    [PythonFact("grpc", "google.protobuf", "torch")]
    public async Task Mnist_ThreeParties_TrainTogetherAndAreCompared()
    {
        WriteIdx("train", 120);
        WriteIdx("t10k", 40);

        string output = await RunAsync("mnist.py", "--data", _folder.Path, "--parties", "3", "--examples", "40", "--rounds", "2");

        Assert.Contains("round   2  3 of 3 parties", output, StringComparison.Ordinal);
        Assert.Contains("difference after 2 rounds: ", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string> RunAsync(string script, params string[] arguments)
    {
        var (exitCode, output) = await Interpreter.RunAsync([Path.Combine(Examples, script), .. arguments]);
        Assert.True(exitCode == 0, output);
        return output;
    }

    /// <summary>Images of one brightness each, which is their label.</summary>
    private void WriteIdx(string part, int count)
    {
        byte[] images = new byte[16 + (count * 784)], labels = new byte[8 + count];
        BinaryPrimitives.WriteInt32BigEndian(images, 2051);
        BinaryPrimitives.WriteInt32BigEndian(labels, 2049);
        for (int i = 0; i < count; i++)
        {
            labels[8 + i] = (byte)(i % 10);
            images.AsSpan(16 + (i * 784), 784).Fill((byte)(25 * (i % 10)));
        }

        WriteGzip($"{part}-images-idx3-ubyte.gz", images);
        WriteGzip($"{part}-labels-idx1-ubyte.gz", labels);
    }

    private void WriteGzip(string name, byte[] content)
    {
        using var file = new GZipStream(File.Create(_folder[name]), CompressionLevel.Fastest);
        file.Write(content);
    }
}
