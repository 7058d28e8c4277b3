namespace DemoFl.Cli.Tests.Processes;

/// <summary>A server is killed and its run folder put back from an older copy by hand, as no one should; its nodes live on.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class OlderCopyTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static string[] Job => Small.Job("rounds=6", "epochs=200");

    public void Dispose() => _folder.Dispose();

    [LinuxFact]
    public async Task Server_ResumedOnAnOlderCopy_GoesOnAsAnotherRunFromWhatTheCopyHas()
    {
        Demofl[] nodes = [];
        try
        {
            string address;
            using (var server = Serve("--port 0"))
            {
                address = (await server.EventAsync("listening")).Text("address");
                nodes = [.. Enumerable.Range(0, 3).Select(i => Node(address, i))];
                await server.EventAsync("roundStarted", e => e.Number("round") == 2);
                await KillAsync(server, nodes);
            }

            Copy(_folder["run"], _folder["copy"]);
            string resume = $"--resume --port {new Uri(address).Port}";
            string run;
            using (var server = Serve(resume))
            {
                run = (await server.EventAsync("listening")).Text("run");
                Array.ForEach(nodes, n => n.Signal("CONT"));
                await server.EventAsync("roundStarted");
                await KillAsync(server, nodes);
            }

            Directory.Delete(_folder["run"], recursive: true);
            Directory.Move(_folder["copy"], _folder["run"]);
            using var renewed = Serve(resume);
            await renewed.EventAsync("listening");
            Array.ForEach(nodes, n => n.Signal("CONT"));
            Assert.Contains("older copy", (await renewed.EventAsync("renewed")).Text("reason"), StringComparison.Ordinal);
            var listening = await renewed.EventAsync("listening", l => l.Text("run") != run);
            Assert.Equal(address, listening.Text("address"));
            Assert.True((bool)(await renewed.EventAsync("finished"))["succeeded"]!);
            Assert.Equal(ExitCode.Success, (await renewed.EndAsync()).ExitCode);
            foreach (var node in nodes)
            {
                Assert.Equal(ExitCode.Success, (await node.EndAsync()).ExitCode);
            }
        }
        finally
        {
            Array.ForEach(nodes, n => n.Dispose());
        }
    }

    /// <summary>The nodes stand still meanwhile, so that the run does not come to its end.</summary>
    private static async Task KillAsync(Demofl server, Demofl[] nodes)
    {
        Array.ForEach(nodes, n => n.Signal("STOP"));
        server.Signal("KILL");
        await server.EndAsync();
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    private Demofl Serve(string options) => Demofl.Start($"server --json {options}", ["--folder", _folder["run"], .. Job]);

    private Demofl Node(string address, int index) => Demofl.Start(
        "node --json", ["--server", address, "--name", $"node-{index}", "--data", Small.Data, "--keys", _folder["keys"], "--parts", "3", "--index", $"{index}"]);
}
