using System.Net;
using System.Net.Sockets;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Tests.Processes;

namespace DemoFl.Cli.Tests.Runs;

public sealed class DryRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task DryRun_GoodJob_SaysWhatWouldRunAndLeavesNothing()
    {
        var plan = await RunCommand.Create().FactsAsync(["--dry-run", "--folder", _folder["a", "b"], .. Small.Job("parties=7", "fraction=0.5", "k-min=3")]);
        int d = (784 * 16) + 16 + (16 * 10) + 10;
        Assert.Equal((d, 400, 200), (plan.Number("parameters"), plan.Number("trainExamples"), plan.Number("testExamples")));
        Assert.Equal((4, 57, 58), (plan.Number("selected"), plan.Number("fewestExamples"), plan.Number("mostExamples")));
        Assert.Equal(((4 * d) + 40, 4 * d), (plan.Number("partyBytesUp"), plan.Number("partyBytesDown")));
        Assert.Equal((4 * ((4 * d) + 40), 16 * d), (plan.Number("roundBytesUp"), plan.Number("roundBytesDown")));
        Assert.Empty(plan["problems"]!.AsArray());
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("ring=16", 2)]
    [InlineData("ring=64", 8)]
    [InlineData("layout=rotating", 4)]
    public async Task DryRun_LayoutAndRing_SetTheUpload(string setting, int wordBytes)
    {
        var plan = await RunCommand.Create().FactsAsync(["--dry-run", "--folder", _folder["run"], .. Small.Job(setting)]);
        Assert.Equal((plan.Number("parameters") * wordBytes) + 40, plan.Number("partyBytesUp"));
    }

    [Fact]
    public async Task DryRun_ForPeople_NamesEveryPartOfThePlan()
    {
        var (output, _) = await RunCommand.Create().RunAsync(["--dry-run", "--folder", _folder["run"], .. Small.Job()]);
        Assert.All(["model ", "data ", "example ", "parties ", "parts ", "rounds ", "layout ", "leaders ", "lost one", "party ", "round ", "memory ", "folder "], name =>
            Assert.Contains($"\n{name}", $"\n{output}", StringComparison.Ordinal));
        Assert.EndsWith("Nothing stands in the way of this run.\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data=csv:none.csv", "none.csv", ExitCode.Usage)]
    [InlineData("model=transformer", "transformer", ExitCode.Usage)]
    [InlineData("partition=shards:999", "999", ExitCode.Usage)]
    [InlineData("leaders=1", "--min-leaders", ExitCode.Refused)]
    [InlineData("start=none.safetensors", "none.safetensors", ExitCode.Usage)]
    [InlineData("k-min=2", "--min-k", ExitCode.Refused)]
    [InlineData("layout=plain", "--allow-plain", ExitCode.Refused)]
    public async Task DryRun_JobThatCannotRun_SaysWhy(string setting, string what, int exitCode) => await RunCommand.Create().RefusesAsync(
        ["--dry-run", "--folder", _folder["run"], .. Small.Job(setting)], exitCode, what);

    [Theory]
    [InlineData("--dry-run")]
    [InlineData]
    public async Task DryRun_ExternalModel_NeedsNodesWithATrainer(params string[] how)
    {
        await RunCommand.Create().RefusesAsync(
            [.. how, "--folder", _folder["run"], .. Small.Job("model=external", "evaluate=false", "start=w.safetensors")], ExitCode.Usage, "demofl node --trainer");
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task DryRun_Sofl_SaysWhatThatMeans()
    {
        string[] line = ["--dry-run", "--folder", _folder["run"], .. Small.Job("mode=sofl", "missed-beats=4", "parties=4", "processes=4")];
        var plan = await RunCommand.Create().FactsAsync(line);
        Assert.Equal(("appointed", "leaders", 3, "reseal", 4), (plan.Text("election"), plan.Text("intersect"), plan.Number("tenure"), plan.Text("onLeaderLost"), plan.Number("missedBeats")));
        Assert.Equal(0.5, plan["heartbeatSeconds"]!.GetValue<double>());
        Assert.Empty(plan["warnings"]!.AsArray());
        var (output, _) = await RunCommand.Create().RunAsync(line);
        Assert.Contains("leaders   appointed, intersecting among themselves, one slot handed on every 3 rounds\n", output, StringComparison.Ordinal);
        Assert.Contains("lost one  another node takes its slot and the round goes on; one that hangs is noticed after 2 s\n", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rounds=3", "All 3 processes lead")]
    [InlineData("leaders=1", "A single leader leaves nobody")]
    [InlineData("leaders=2 heartbeat=1m", "A leader that hangs is noticed after 180 s, and a round has 30 s to close")]
    public async Task DryRun_LostLeaderWithoutAWayOn_IsAWarning(string settings, string warning)
    {
        string[] line = ["--dry-run", "--min-leaders", "1", "--folder", _folder["run"], .. Small.Job(settings.Split(' '))];
        var plan = await RunCommand.Create().FactsAsync(line);
        Assert.StartsWith(warning, Assert.Single(plan["warnings"]!.AsArray())!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Empty((await RunCommand.Create().FactsAsync([.. line, "--set", "on-leader-lost=abort"]))["warnings"]!.AsArray());
    }

    [Fact]
    public async Task DryRun_ServerOptimizer_NeedsRoomForItsState()
    {
        var plain = await RunCommand.Create().FactsAsync(["--dry-run", "--folder", _folder["run"], .. Small.Job()]);
        var adam = await RunCommand.Create().FactsAsync(["--dry-run", "--folder", _folder["run"], .. Small.Job("server-optimizer=adam")]);
        Assert.Equal(8 * 4 * plain.Number("parameters"), adam.Number("folderBytes") - plain.Number("folderBytes"));
        Assert.True(adam.Number("serverMemoryBytes") > plain.Number("serverMemoryBytes"));
    }

    [Fact]
    public async Task DryRun_Standardize_CountsTheLayerAndTheRoundsOfEveryone()
    {
        var plain = await RunCommand.Create().FactsAsync(["--dry-run", "--folder", _folder["run"], .. Small.Job()]);
        var scaled = await RunCommand.Create().FactsAsync(["--dry-run", "--folder", _folder["run"], .. Small.Job("standardize=true")]);
        Assert.Equal("standardized:mlp:16", scaled.Text("model"));
        Assert.Equal(3 * 784, scaled.Number("parameters") - plain.Number("parameters"));
        Assert.Equal((scaled.Number("parameters") * 4) + 40, scaled.Number("partyBytesUp"));
    }

    [Fact]
    public async Task DryRun_SeveralProblems_ComeTogether()
    {
        var refusal = await Assert.ThrowsAsync<CliException>(() => RunCommand.Create().RunAsync(
            ["--dry-run", "--folder", _folder.Write("file", ""), "--http-port", "65536", .. Small.Job("leaders=1", "model=none")]));
        Assert.Equal(4, refusal.Message.Split(Environment.NewLine).Length);
    }

    [Fact]
    public async Task DryRun_PortInUse_NamesIt()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        await RunCommand.Create().RefusesAsync(
            ["--dry-run", "--folder", _folder["run"], "--http-port", $"{port}", .. Small.Job()], ExitCode.Usage, $"Cannot listen on 127.0.0.1:{port}", "--http-port");
    }

    [Fact]
    public async Task DryRun_FolderThatHoldsARun_IsForResuming()
    {
        _folder.Write("journal", "DEMOFLJ1");
        await RunCommand.Create().RefusesAsync(["--dry-run", "--folder", _folder.Path, .. Small.Job()], ExitCode.Usage, "already holds a run", "--resume");
        await RunCommand.Create().RunAsync(["--dry-run", "--resume", "--folder", _folder.Path, .. Small.Job()]);
        await RunCommand.Create().RefusesAsync(
            ["--dry-run", "--resume", "--folder", _folder["none"], .. Small.Job()], ExitCode.Usage, "no run to resume");
    }

    [Fact]
    public async Task DryRun_ResumeWithAnotherJob_NamesTheKeyThatMayNotChange()
    {
        _folder.Write("journal", "DEMOFLJ1");
        _folder.Write("begun-with.yaml", "model: 'mlp:32'\nrounds: '2'\nseed: '1'\n");
        await RunCommand.Create().RefusesAsync(
            ["--dry-run", "--resume", "--folder", _folder.Path, .. Small.Job()], ExitCode.Usage, "model is mlp:16", "has mlp:32");
    }

    [Fact]
    public async Task DryRun_RunStillGoingOn_IsSeen()
    {
        _folder.Write("journal", "DEMOFLJ1");
        using var held = new FileStream(_folder.Write("journal.lock", ""), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        await RunCommand.Create().RefusesAsync(["--dry-run", "--resume", "--folder", _folder.Path, .. Small.Job()], ExitCode.Usage, "still going on");
    }

    public void Dispose() => _folder.Dispose();
}
