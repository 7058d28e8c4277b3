using System.Text.Json.Nodes;

namespace DemoFl.Cli.Tests.Processes;

/// <summary>Backups of real runs, taken and restored by the program.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Rounds of a second or so, and nobody misses a node that stands still.</summary>
    private static string[] Job => Small.Job("epochs=200", "heartbeat=30s");

    private string Backup => _folder["backup.tar"];

    [LinuxFact]
    public async Task Backup_WhileTheServerRunsARound_RestoresToARunThatComesToItsEnd()
    {
        string run;
        using (var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Job]))
        {
            var listening = await server.EventAsync("listening");
            run = listening.Text("run");
            Demofl[] nodes = [.. Enumerable.Range(0, 3).Select(i => Node(listening.Text("address"), i))];
            try
            {
                await server.EventAsync("roundStarted", e => e.Number("round") == 3);
                Array.ForEach(nodes, n => n.Signal("STOP"));

                var taken = await FactsAsync("backup create --json", _folder["run"], Backup);
                Assert.Equal((run, 2, 3), (taken.Text("run"), taken.Number("committedRounds"), taken.Number("round")));
                Assert.DoesNotContain(server.Events("round"), e => e.Number("round") > 2);
            }
            finally
            {
                Array.ForEach(nodes, n => n.Dispose());
            }
        }

        var restored = await FactsAsync("backup restore --json", Backup, _folder["restored"]);
        Assert.NotEqual(run, restored.Text("newRun"));
        Assert.Equal(
            await File.ReadAllBytesAsync(_folder["run", "checkpoints", "round-000002.safetensors"]),
            await File.ReadAllBytesAsync(_folder["restored", "checkpoints", "round-000002.safetensors"]));
        Assert.DoesNotContain(Directory.EnumerateFiles(_folder["restored"]), f => f.EndsWith(".key", StringComparison.Ordinal));

        var (exitCode, output, error) = await Demofl.RunAsync("run --resume --json", ["--folder", _folder["restored"], .. Job]);
        Assert.True(exitCode == ExitCode.Success, error + output);
        JsonObject[] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.AsObject())];
        Assert.Equal(restored.Text("newRun"), Assert.Single(lines, l => l.Text("event") == "listening").Text("run"));
        Assert.Equal([4], lines.Where(l => l.Text("event") == "round").Select(l => l.Number("round")));

        var end = await FactsAsync("backup create --json", _folder["restored"], _folder["end.tar"]);
        Assert.Equal((restored.Text("newRun"), 3, 4), (end.Text("run"), end.Number("committedRounds"), end.Number("round")));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<JsonObject> FactsAsync(string line, params string[] more)
    {
        var (exitCode, output, error) = await Demofl.RunAsync(line, more);
        Assert.True(exitCode == ExitCode.Success, error);
        return JsonNode.Parse(output)!.AsObject();
    }

    private Demofl Node(string address, int index) => Demofl.Start(
        "node --json", ["--server", address, "--name", $"node-{index}", "--data", Small.Data, "--keys", _folder["keys"], "--parts", "3", "--index", $"{index}"]);
}
