using System.Text.Json.Nodes;
using DemoFl.Cli.Tests.Errors;
using DemoFl.Cli.Tests.Processes;

namespace DemoFl.Cli.Tests.Nodes;

/// <summary>Nodes whose owners have a policy and a record, as processes.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class OwnerTests : IDisposable
{
    private const string Wine = "acid,sugar,postcode,kind\n";

    private readonly TemporaryFolder _folder = new();

    /// <summary>A CSV file with a column that no model may see: text that could not even be parsed as a feature.</summary>
    [Fact]
    public async Task Node_WithPolicyAndRecord_TrainsOnAllowedColumnsAndRecordsWhatLeft()
    {
        string table = Table();
        string test = _folder.Write("test.csv", string.Join('\n', File.ReadAllLines(table).Select(l => string.Join(',', l.Split(',').Where((_, i) => i != 2)))));
        string policy = _folder.Write("policy.yaml", "columns: [acid, sugar, kind]\ndata-share: 0.5\nmax-rounds: 2\nmodels: softmax\n");
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job($"data=csv:{test}", "model=softmax", "parties=4", "rounds=3", "leaders=2")]);
        string address = (await server.EventAsync("listening")).Text("address");
        using var alice = Node(address, "alice", "--data", $"csv:{table}", "--policy", policy);
        using var others = Node(address, "lab", "--data", $"csv:{test}", "--count", "3", "--no-log");
        Assert.Equal(ExitCode.Success, (await alice.EndAsync()).ExitCode);

        Assert.StartsWith("the policy refuses max-rounds: 2 rounds", Assert.Single(alice.Events("declined")).Text("reason"), StringComparison.Ordinal);
        Assert.Equal("its owner's policy (max-rounds)", (await server.EventAsync("refused")).Text("reason"));
        Assert.Equal(["alice"], Directory.GetDirectories(_folder["keys", "node-log"]).Select(Path.GetFileName));
        var (exitCode, log, error) = await Demofl.RunAsync("node log --keys", _folder["keys"]);
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Contains("In 2 rounds of 1 run, ", log, StringComparison.Ordinal);
        Assert.Contains("It declined 1 round.", log, StringComparison.Ordinal);
        Assert.Contains("the run succeeded: 3 rounds committed", log, StringComparison.Ordinal);
        Assert.DoesNotContain("postcode", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_TwoOfOneNameOnOneFolder_SecondIsRefused()
    {
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job()]);
        string address = (await server.EventAsync("listening")).Text("address");
        using var first = Node(address, "alice", "--data", Small.Data, "--log", "Information");
        await first.ErrorLineAsync(l => l.Contains("connected to", StringComparison.Ordinal));
        var (exitCode, _, error) = await Node(address, "alice", "--data", Small.Data).EndAsync();
        ErrorTable.AssertSays("{folder} is in use: a node of that name is running. Stop it, or take another --name or --keys.", exitCode, error);
    }

    /// <summary>Where files cannot grow, as on a full disk, nothing leaves that cannot be written down; the others go on.</summary>
    [UnixFact]
    public async Task Node_RecordCannotGrow_DeclinesItsRoundsAndSaysWhatToDo()
    {
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job("parties=4", "rounds=8", "layout=plain")]);
        string address = (await server.EventAsync("listening")).Text("address");
        using var others = Node(address, "lab", "--data", Small.Data, "--count", "3", "--no-log", "--allow-plain");
        using var alice = Demofl.StartWithFileLimit(
            8, "node --json --exit-with-input --server", address, "--name", "alice", "--keys", _folder["keys"], "--data", Small.Data, "--allow-plain");
        Assert.Equal(ExitCode.Success, (await server.EndAsync()).ExitCode);
        await alice.EndAsync();

        var declined = alice.Events("declined");
        Assert.NotEmpty(declined);
        Assert.All(declined, d => Assert.Contains("this node cannot record what it sends", d.Text("reason"), StringComparison.Ordinal));
        Assert.Contains("--no-log", (await alice.ErrorLineAsync(l => l.Contains("Nothing can be written in", StringComparison.Ordinal))), StringComparison.Ordinal);
        var (exitCode, log, error) = await Demofl.RunAsync("node log --json --keys", _folder["keys"]);
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        int vectors = log.Split('\n').Select(l => JsonNode.Parse(l)!.AsObject()).Count(l => l.Text("event") == "vector");
        Assert.Equal(8 - declined.Length, vectors);
    }

    [Fact]
    public async Task Node_PolicyOrRecordThatCannotBe_IsRefusedInOneLine()
    {
        Directory.CreateDirectory(_folder["keys", "node-log", "alice"]);
        _folder.Write("keys/node-log/alice/000001.jsonl", "no record\n");
        await SaysAsync("{file}: the last line is not one of a record. Look at it with `demofl node log --verify`, and move the folder away to begin another.", []);
        File.Delete(_folder["keys", "node-log", "alice", "000001.jsonl"]);
        _folder.Write("keys/node-log/alice/rounds.json", "{");
        await SaysAsync("{file}: the count of rounds cannot be read ({reason}). Delete it to count from none again.", ["--policy", _folder.Write("p.yaml", "max-rounds: 3\n")]);
        Directory.Delete(_folder["keys", "node-log"], recursive: true);
        _folder.Write("keys/node-log", "a file");
        await SaysAsync(
            "Nothing can be written in {folder}: {reason}. What cannot be recorded is not sent: free some space or make the folder writable, or start the node with --no-log.", []);
    }

    [Fact]
    public async Task Node_ServerOrJobThatThePolicyRefuses_SaysWhichSetting()
    {
        using var server = Demofl.Start("server --json --port 0", ["--folder", _folder["run"], .. Small.Job()]);
        string address = (await server.EventAsync("listening")).Text("address");
        foreach (string policy in new[] { "servers: [other]\n", "models: cnn\n", "layouts: [rotating]\n", "min-leaders: 5\n", "min-k: 4\n" })
        {
            var (exitCode, _, error) = await Node(address, "alice", "--data", Small.Data, "--policy", _folder.Write("p.yaml", policy)).EndAsync();
            ErrorTable.AssertSays("{node} does not take part: the policy refuses {setting}: {reason}.", exitCode, error.TrimEnd('\n').Split('\n')[^1]);
            Assert.Contains($"refuses {policy.Split(':')[0]}: ", error, StringComparison.Ordinal);
        }
    }

    public void Dispose() => _folder.Dispose();

    private string Table() => _folder.Write("wine.csv", Wine + string.Concat(Enumerable.Range(0, 60).Select(i => $"{i % 7}.5,{i % 5},NW{i},{i % 2}\n")));

    private async Task SaysAsync(string row, string[] more)
    {
        var (exitCode, output, error) = await Node("http://127.0.0.1:1", "alice", ["--data", Small.Data, .. more]).EndAsync();
        ErrorTable.AssertSays(row, exitCode, error);
        Assert.Empty(output);
    }

    private Demofl Node(string address, string name, params string[] more) =>
        Demofl.Start("node --json --server", [address, "--name", name, "--keys", _folder["keys"], .. more]);
}
