using System.Text.Json.Nodes;

namespace DemoFl.Cli.Tests.Processes;

[Collection(nameof(ProcessCollection))]
public sealed class ServerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Server_PortOrFolderInUse_SaysSoInOneLine()
    {
        using var first = Demofl.Start("server --json --port 0", ["--folder", _folder["one"], .. Small.Job()]);
        var address = new Uri((await first.EventAsync("listening")).Text("address"));

        var port = await Demofl.RunAsync($"server --port {address.Port}", ["--folder", _folder["two"], .. Small.Job()]);
        Assert.Equal(ExitCode.Usage, port.ExitCode);
        Assert.StartsWith($"Cannot listen on 127.0.0.1:{address.Port}", port.Error, StringComparison.Ordinal);
        Assert.Equal(1, port.Error.Count(c => c == '\n'));
        Assert.False(File.Exists(_folder["two", "journal"]));

        var folder = await Demofl.RunAsync("server --port 0 --resume", ["--folder", _folder["one"], .. Small.Job()]);
        Assert.Equal(ExitCode.Usage, folder.ExitCode);
        Assert.Equal($"The run in {_folder["one"]} is in use by another server. Stop that one, or name another folder.\n", folder.Error);
    }

    [LinuxFact]
    public async Task Server_Terminated_StopsInOrderAndCanBeResumed()
    {
        using (var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job()]))
        {
            await server.EventAsync("listening");
            server.Signal("TERM");
            Assert.Equal(ExitCode.Interrupted, (await server.EndAsync()).ExitCode);
        }

        using var resumed = Demofl.Start("server --json --port 0 --resume", ["--folder", _folder["run"], .. Small.Job()]);
        await resumed.EventAsync("listening");
    }

    [Fact]
    public async Task Server_ResumedAsAnotherJob_IsRefusedWithBoth()
    {
        using (var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job()]))
        {
            await server.EventAsync("listening");
        }

        var (exitCode, _, error) = await Demofl.RunAsync("server --port 0 --resume", ["--folder", _folder["run"], .. Small.Job("lr=0.7")]);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.StartsWith($"lr is 0.7, and the run in {_folder["run"]} has 0.05;", error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    /// <summary>One process, one slot, whatever the number of its parties (promise P3).</summary>
    [Fact]
    public async Task Node_ThreePartiesInOneProcess_HoldAtMostOneSlot()
    {
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job("parties=5", "leaders=3")]);
        string address = (await server.EventAsync("listening")).Text("address");
        using var crowd = Node(address, "crowd", "--count", "3", "--parts", "5");
        using var alice = Node(address, "alice", "--parts", "5", "--index", "3");
        using var bob = Node(address, "bob", "--parts", "5", "--index", "4");

        foreach (var node in new[] { crowd, alice, bob })
        {
            var (exitCode, output, error) = await node.EndAsync();
            Assert.True(exitCode == ExitCode.Success, error + output);
            Assert.Single(node.Events("slotTaken").Select(e => e.Text("node")).Distinct());
        }

        Assert.Equal(["crowd-1", "crowd-2", "crowd-3"], crowd.Events("roundJoined").Select(e => e.Text("node")).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(3, server.Events("round").Length);
        Assert.All(server.Events("round"), r => Assert.Equal(5, r.Number("intersection")));
        Assert.Equal(ExitCode.Success, (await server.EndAsync()).ExitCode);
    }

    [Fact]
    public async Task Status_Waiting_SaysWhatForAndOffersPagesToo()
    {
        using var server = Demofl.Start("server --json --port 0 --http-port 0", ["--folder", _folder["run"], .. Small.Job()]);
        var listening = await server.EventAsync("listening");
        var (exitCode, output, error) = await Demofl.RunAsync("status --json --server", listening.Text("address"));
        Assert.True(exitCode == ExitCode.Success, error);
        var status = JsonNode.Parse(output)!.AsObject();
        Assert.Equal(("Gathering", 0, 3), (status.Text("phase"), status.Number("roundsCommitted"), status.Number("roundsWanted")));
        Assert.Contains("not judged yet", (await Demofl.RunAsync("status --server", listening.Text("address"))).Output, StringComparison.Ordinal);

        using var client = new HttpClient();
        Assert.Equal("ok\n", await client.GetStringAsync(new Uri(new Uri(listening.Text("pages")), "healthz")));
    }

    public void Dispose() => _folder.Dispose();

    private Demofl Node(string address, string name, params string[] more) => Demofl.Start(
        "node --json", ["--server", address, "--name", name, "--data", Small.Data, "--keys", _folder["keys"], .. more]);
}
