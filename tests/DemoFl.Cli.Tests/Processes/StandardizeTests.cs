using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Cli.Commands;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Processes;

/// <summary>A table of columns in all units, from its file to predictions of a model that brings their scale along.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class StandardizeTests : IDisposable
{
    private static readonly double[] Units = [1e-4, 1, 3e3, 2e8];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Run_StandardizedTable_MakesAModelThatKnowsItsColumns()
    {
        string data = $"csv:{Table()}";
        string[] settings = [$"data={data}", "model=softmax", "standardize=true", "parties=3", "processes=3", "rounds=2", "epochs=10", "lr=0.2", "election-window=50ms"];
        var (exitCode, output, error) = await Demofl.RunAsync(
            "run --json", ["--folder", _folder["run"], .. settings.SelectMany(s => new[] { "--set", s })]);
        Assert.True(exitCode == ExitCode.Success, error + output);
        var report = JsonNode.Parse(await File.ReadAllTextAsync(_folder["run", "report.json"]))!.AsObject();
        var rows = report["rounds"]!.AsArray().Select(r => r!.AsObject()).ToArray();
        Assert.Equal(["means", "variances", null, null], rows.Select(r => r["stage"]?.GetValue<string>()));
        Assert.Equal([true, true, false, false], rows.Select(r => r["accuracy"] is null));
        Assert.Equal("2 rounds committed", report.Text("reason"));

        // The file is read as it is, and the model does the rest.
        string checkpoint = report.Text("checkpoint");
        var judged = await ModelCommand.Create().FactsAsync("evaluate", checkpoint, "--data", data);
        Assert.Equal(rows[^1]["accuracy"]!.GetValue<double>(), judged["accuracy"]!.GetValue<double>(), 1e-9);
        Assert.InRange(judged["accuracy"]!.GetValue<double>(), 0.9, 1);

        var info = await ModelCommand.Create().FactsAsync("info", checkpoint);
        Assert.Equal(
            ["scaling.mean", "scaling.magnitude", "scaling.variance", "fc1.weight", "fc1.bias"], info["tensors"]!.AsArray().Select(t => t!.AsObject().Text("name")));
        Assert.Equal("standardized:softmax", info["metadata"]!["model"]!.GetValue<string>());
        await ModelCommand.Create().RunAsync("export", checkpoint, "--out", _folder["bare.safetensors"]);
        var (layout, values, _) = Safetensors.Read(_folder["bare.safetensors"]);
        Assert.Equal("scaling.variance[4]", layout.Tensors[2].ToString());
        for (int column = 0; column < Units.Length; column++)
        {
            // Uniform from 0 to 2 units: the mean and the magnitude are one unit, the deviation is the root of a third.
            Assert.InRange(values[column] / Units[column], 0.9, 1.1);
            Assert.InRange(values[Units.Length + column] / Units[column], 0.9, 1.1);
            Assert.InRange(values[(2 * Units.Length) + column], 0.28, 0.39);
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Table()
    {
        var random = new Random(4);
        var lines = Enumerable.Range(0, 400).Select(_ =>
        {
            double[] values = [.. Units.Select(_ => 2 * random.NextDouble())];
            string cells = string.Join(',', values.Zip(Units, (v, u) => (v * u).ToString("R", CultureInfo.InvariantCulture)));
            return $"{cells},{(values.Sum() > Units.Length ? 1 : 0)}\n";
        });
        return _folder.Write("table.csv", string.Concat(lines));
    }
}
