using System.Net;
using System.Net.Sockets;
using DemoFl.Cli.Tests.Processes;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>Runs that fail on the way, from real processes: one line on standard error, and what was committed is kept.</summary>
[Collection(nameof(ProcessCollection))]
public sealed class ErrorRunTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Run_TrainingDiverges_NamesThePartyAndWhatToChange()
    {
        var (exitCode, output, error) = await Demofl.RunAsync(
            "run", ["--folder", _folder["run"], .. Small.Job("lr=100", "model=mlp:16,16,16", "epochs=20")]);
        ErrorTable.AssertSays(
            "The run failed: {n} rounds in a row were aborted, the last because {reason}; the last to sit out was {node}: making the update failed: training diverged "
            + "in epoch {n}: the loss is not finite; lower lr, which is {lr}, or scale the features. What it committed is kept in {folder}.",
            exitCode, error);
        Assert.Matches(@"round \d+: node-00[123] \([0-9a-f]{8}\) sits out: making the update failed: training diverged", output);
    }

    [LinuxFact]
    public async Task Run_DiskFull_SaysSoAndGoesOnOnceThereIsRoom()
    {
        string[] job = ["--folder", _folder["run"], .. Small.Job("model=mlp:64", "rounds=2")];
        using var full = Demofl.StartWithFileLimit(200, "run", job);
        var (exitCode, _, error) = await full.EndAsync();
        ErrorTable.AssertSays("The run in {folder} cannot go on: {reason}. When that is mended, go on with --resume: what it committed is kept.", exitCode, error);

        var resumed = await Demofl.RunAsync("run --resume", job);
        Assert.True(resumed.ExitCode == ExitCode.Success, resumed.Error);
    }

    [LinuxFact]
    public async Task Node_NobodyListens_KeepsTryingSaysSoAndCanBeInterrupted()
    {
        using var reserved = new TcpListener(IPAddress.Loopback, 0);
        reserved.Start();
        int port = ((IPEndPoint)reserved.LocalEndpoint).Port;
        reserved.Stop();
        using var node = Demofl.Start($"node --server http://127.0.0.1:{port} --name alice", ["--data", Bad.Grey, "--keys", _folder["keys"]]);
        string trying = await node.ErrorLineAsync(l => l.Contains("trying again", StringComparison.Ordinal));
        Assert.Matches($@"alice: http://127\.0\.0\.1:{port}/ does not answer \(.+\); trying again in \d\.\d s$", trying);
        node.Signal("INT");
        var (exitCode, _, error) = await node.EndAsync();
        ErrorTable.AssertSays("Interrupted.", exitCode, error.TrimEnd('\n').Split('\n')[^1]);
    }

    /// <summary>Before the first round there is nothing to lose, and the folder can still be resumed.</summary>
    [LinuxFact]
    public async Task Run_InterruptedBeforeItsFirstRound_ResumesToo()
    {
        using (var run = Demofl.Start("run --json", ["--folder", _folder["run"], .. Small.Job()]))
        {
            await run.EventAsync("listening");
            run.Signal("INT");
            var (exitCode, _, error) = await run.EndAsync();
            Assert.True(exitCode == ExitCode.Interrupted, error);
            Assert.Empty(error);
        }

        var resumed = await Demofl.RunAsync("run --json --resume", ["--folder", _folder["run"], .. Small.Job()]);
        Assert.True(resumed.ExitCode == ExitCode.Success, resumed.Error);
    }

    public void Dispose() => _folder.Dispose();
}
