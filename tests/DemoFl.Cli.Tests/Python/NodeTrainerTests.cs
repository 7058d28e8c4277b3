using System.Diagnostics;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Tests.Processes;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Python;

/// <summary><c>demofl node --trainer</c>, from the command line to the committed model.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class NodeTrainerTests : IDisposable
{
    private const string AddsOneHundredth = """
        import demofl
        from demofl.arrays import FunctionTrainer

        def train(parameters, plan):
            if plan.party == "carol" and plan.round == 2:
                raise ValueError("carol's ledger, page 9")
            return demofl.Update({name: array + 0.01 for name, array in parameters.items()}, 100, 50.0, 60, 100)

        trainer = FunctionTrainer(train)
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _trainers = [];

    [Theory]
    [InlineData("--trainer http://10.1.2.3:7071", "'http://10.1.2.3:7071' is beyond this machine")]
    [InlineData("--trainer 127.0.0.1:7071", "'127.0.0.1:7071' is no trainer's address")]
    [InlineData("--trainer unix:", "'unix:' needs a path of 1 to 107 bytes, such as unix:/run/user/1000/trainer.sock.")]
    [InlineData("--trainer unix:t.sock --count 2", "--trainer trains one party, and --count is 2.")]
    [InlineData("--trainer unix:t.sock --data generated", "--data is about data that this node holds")]
    [InlineData("--trainer unix:t.sock --parts 3", "--parts is about data that this node holds")]
    public Task Node_TrainerThatCannotBe_IsRefusedInOneLine(string line, string words) =>
        NodeCommand.Create().RefusesAsync(["--server", "http://127.0.0.1:1", "--keys", _folder["keys"], .. line.Split(' ')], ExitCode.Usage, words);

    [Fact]
    public Task Node_TrainerThatIsNotThere_SaysWhatToDo() => NodeCommand.Create().RefusesAsync(
        ["--server", "http://127.0.0.1:1", "--keys", _folder["keys"], "--trainer", $"unix:{_folder["none"]}"],
        ExitCode.Unreachable, $"The trainer at unix:{_folder["none"]} is not ready", "Start it before the node");

    [PythonFact("grpc", "google.protobuf", "numpy")]
    public async Task Run_PythonTrainers_CommitWhatTheyMakeAndKeepTheirWordsToThemselves()
    {
        _folder.Write("mine.py", AddsOneHundredth);
        string[] names = ["alice", "bob", "carol", "dave"];
        foreach (string name in names)
        {
            var trainer = Interpreter.Start("-m", "demofl", _folder["mine.py"], "--listen", $"unix:{_folder[name]}");
            _trainers.Add(trainer);
            Assert.StartsWith("trainer ready", await trainer.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        }

        using var server = Demofl.Start(
            "server --json --port 0 --log Information", ["--folder", _folder["run"], .. Small.Job("parties=4", "evaluate=false")]);
        string address = (await server.EventAsync("listening")).Text("address");
        var nodes = names.ToDictionary(n => n, n => Demofl.Start(
            "node --json", ["--server", address, "--name", n, "--keys", _folder["keys"], "--trainer", $"unix:{_folder[n]}"]));

        var (exitCode, output, error) = await server.EndAsync();

        Assert.True(exitCode == ExitCode.Success, output + error);
        Assert.Equal([4, 3, 4], server.Events("round").Select(r => r.Number("intersection")));
        Assert.DoesNotContain("ledger", output + error, StringComparison.Ordinal);
        var carol = await nodes["carol"].EndAsync();
        string line = Assert.Single(carol.Error.Split('\n'), l => l.Contains("trainer", StringComparison.Ordinal));
        Assert.Contains("making the update of round 2 failed: the trainer at unix:", line, StringComparison.Ordinal);
        Assert.EndsWith("ValueError: carol's ledger, page 9", line, StringComparison.Ordinal);
        AssertMoved(server.Events("finished").Single().Text("checkpoint"), rounds: 3);
        foreach (var node in nodes.Values)
        {
            node.Dispose();
        }
    }

    public void Dispose()
    {
        foreach (var trainer in _trainers)
        {
            trainer.Kill(entireProcessTree: true);
            trainer.Dispose();
        }

        _folder.Dispose();
    }

    private static void AssertMoved(string checkpoint, int rounds)
    {
        var (_, values, _) = Safetensors.Read(checkpoint);
        var test = Datasets.Load(Small.Data).Test;
        float[] start = Models.Parse("mlp:16", test.Input, test.Classes).Initialise(1);
        Assert.All(values.Zip(start), pair => Assert.InRange(pair.First - pair.Second - (rounds * 0.01), -1e-5, 1e-5));
    }
}
