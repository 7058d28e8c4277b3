using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Processes;

/// <summary>What a job says of its start, its server optimiser and its end, in a whole run of real processes.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class TrainingOptionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Run_FromAFileWithAdamAndATarget_EndsAtTheTargetAndNamesTheBestModel()
    {
        await RunAsync("first", "rounds=2");
        string start = _folder["first", "best.safetensors"];
        double before = Metadata(start, "accuracy");

        string[] settings = [$"start={start}", "server-optimizer=adam", "proximal=0.01", "rounds=30", $"stop-accuracy={before + 0.02}"];
        var report = await RunAsync("second", settings);
        var rows = report["rounds"]!.AsArray().Select(r => r!.AsObject()).ToArray();
        Assert.InRange(rows.Length, 1, 29);
        Assert.Contains("reached the target of", report.Text("reason"), StringComparison.Ordinal);
        Assert.All(rows.SkipLast(1), r => Assert.True(r["accuracy"]!.GetValue<double>() < before + 0.02));
        Assert.Equal((_folder["second", "best.safetensors"], rows.Length), (report.Text("best"), report.Number("bestRound")));
        Assert.Equal(Safetensors.Read(report.Text("checkpoint")).Values, Safetensors.Read(report.Text("best")).Values);
        Assert.Equal(Metadata(report.Text("best"), "accuracy"), rows[^1]["accuracy"]!.GetValue<double>());

        // The file is another model now, under the same name.
        File.Copy(report.Text("best"), start, overwrite: true);
        var resumed = await Demofl.RunAsync("run --json --resume", ["--folder", _folder["second"], .. Small.Job(settings)]);
        Assert.Equal(ExitCode.Usage, resumed.ExitCode);
        Assert.Contains("belongs to another job", resumed.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static double Metadata(string path, string key) =>
        double.Parse(Safetensors.Read(path).Metadata[key], System.Globalization.CultureInfo.InvariantCulture);

    private async Task<JsonObject> RunAsync(string folder, params string[] settings)
    {
        var (exitCode, output, error) = await Demofl.RunAsync("run --json", ["--folder", _folder[folder], .. Small.Job(settings)]);
        Assert.True(exitCode == ExitCode.Success, error + output);
        return JsonNode.Parse(await File.ReadAllTextAsync(_folder[folder, "report.json"]))!.AsObject();
    }
}
