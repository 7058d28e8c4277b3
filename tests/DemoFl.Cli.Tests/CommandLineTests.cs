using System.Text.RegularExpressions;
using DemoFl.Cli.Jobs;

namespace DemoFl.Cli.Tests;

/// <summary>Whole command lines in this process: what goes wrong is one message on standard error and an exit code.</summary>
[Collection(nameof(ConsoleCollection))]
public sealed partial class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>The library's own two seconds cost a run on a busy machine its report.</summary>
    [Fact]
    public void Configuration_OfASignal_LeavesTimeToStopInGoodOrder() =>
        Assert.InRange(CommandLine.Configuration.ProcessTerminationTimeout ?? TimeSpan.Zero, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10));

    [Theory]
    [InlineData("frobnicate", "'frobnicate'", "demofl --help")]
    [InlineData("run --sett a=b", "--sett", "demofl run --help")]
    [InlineData("server --port many", "--port", "demofl server --help")]
    [InlineData("server --keep-checkpoints -1", "--keep-checkpoints -1 is neither a number of checkpoints, from 0, nor all.", "demofl server --help")]
    [InlineData("run --keep-checkpoints some", "--keep-checkpoints some is neither", "demofl run --help")]
    [InlineData("node", "'--server'", "demofl node --help")]
    [InlineData("keys node", "--out", "demofl keys node --help")]
    [InlineData("status --server 127.0.0.1", "--server 127.0.0.1 is not an address such as http://", "demofl status --help")]
    [InlineData("status --server ftp://x", "--server ftp://x is not an address", "demofl status --help")]
    [InlineData("status --server ", "--server", "demofl status --help")]
    [InlineData("run --log loud", "loud", "demofl run --help")]
    [InlineData("node log --rounds 9..2", "--rounds 9..2 is not a range such as 10..20, 10.. or ..20.", "demofl node log --help")]
    [InlineData("node log --rounds many", "--rounds many is not a range", "demofl node log --help")]
    [InlineData("node policy check", "FILE", "demofl node policy check --help")]
    public async Task Invoke_LineThatDoesNotParse_SaysWhatAndWhereToLook(string line, string what, string help)
    {
        var (exitCode, output, error) = await ConsoleRun.InvokeAsync(line.Split(' '));
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Empty(output);
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.EndsWith($"See {help}.\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run --set roundz=1", "roundz")]
    [InlineData("run no-such-job.yaml", "no-such-job.yaml")]
    [InlineData("server --listen here", "--listen here is not an IP address")]
    [InlineData("server --listen 0.0.0.0 --port 0", "--insecure")]
    [InlineData("server --port 65536", "--port is 65536; it must be 0 to 65535.")]
    [InlineData("server --port 7000 --http-port 7000", "--http-port is 7000")]
    [InlineData("server --tls-cert a.crt", "--tls-cert and --tls-key go together.")]
    [InlineData("server --roster a --federation-key b", "--roster or --federation-key, not both")]
    [InlineData("server --roster missing.txt", "missing.txt")]
    [InlineData("server --set data=parquet:x --port 0", "'parquet:x'")]
    [InlineData("node --server http://127.0.0.1:1 --name Alice", "'Alice'")]
    [InlineData("node --server http://127.0.0.1:1 --count 0", "--count is 0; it must be 1 to 10000.")]
    [InlineData("node --server http://127.0.0.1:1 --threads 0", "--threads is 0; it must be 1 to 1024.")]
    [InlineData("node --server http://127.0.0.1:1 --parts 4 --index 4", "--index 4 with --count 1 reaches beyond the parts, of which --parts makes 4.")]
    [InlineData("node --server http://127.0.0.1:1 --index 1", "of which --parts makes 1.")]
    [InlineData("node --server http://127.0.0.1:1 --parts 4 --index -1", "--index -1")]
    [InlineData("node --server http://127.0.0.1:1 --parts 4 --count 2 --index 2147483647", "--index 2147483647")]
    [InlineData("node --server http://192.0.2.1:7070", "plaintext beyond this machine")]
    [InlineData("node --server http://127.0.0.1:1 --partition shard:2 --parts 4", "shard:2")]
    [InlineData("node --server https://127.0.0.1:1 --tls-ca none.crt", "none.crt")]
    public async Task Invoke_ValueThatIsWrong_IsOneLine(string line, string what)
    {
        string[] args = line.Split(' ');
        string[] folder = args[0] == "node" ? ["--keys", _folder["keys"]] : args[0] == "server" ? ["--folder", _folder["run"]] : [];
        var (exitCode, output, error) = await ConsoleRun.InvokeAsync([.. args, .. folder]);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Empty(output);
        Assert.Contains(what, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
        Assert.DoesNotContain("(Parameter", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_NobodyListens_NamesTheServer()
    {
        // Port 1 is reserved (tcpmux) and free on any machine that has not been asked otherwise.
        var (exitCode, _, error) = await ConsoleRun.InvokeAsync("status", "--server", "http://127.0.0.1:1");
        Assert.Equal(ExitCode.Unreachable, exitCode);
        Assert.StartsWith("http://127.0.0.1:1/ does not answer: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invoke_Help_ShowsEachCommandInOneLine()
    {
        var (exitCode, output, _) = await ConsoleRun.InvokeAsync("--help");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.All(["demo", "run", "server", "node", "status", "data", "model", "keys", "doctor"], c => Assert.Matches($@"(?m)^  {c}\b.* \S", output));
        Assert.DoesNotContain("Examples:", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("server")]
    [InlineData("node")]
    [InlineData("node log")]
    [InlineData("node policy check")]
    [InlineData("demo")]
    [InlineData("status")]
    [InlineData("keys server")]
    [InlineData("doctor")]
    public async Task Invoke_HelpOfACommand_HasExamplesThatParse(string command)
    {
        var (exitCode, output, _) = await ConsoleRun.InvokeAsync([.. command.Split(' '), "--help"]);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.DoesNotContain("--exit-with-input", output, StringComparison.Ordinal);
        var examples = Example().Matches(output).Select(m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(CommandLine.Parse(example.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..]).Errors));
    }

    [Fact]
    public async Task Invoke_ListSettings_NamesEveryKeyWithDefaultAndRange()
    {
        var (exitCode, output, _) = await ConsoleRun.InvokeAsync("run", "--list-settings");
        Assert.Equal(ExitCode.Success, exitCode);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(JobSettings.All.Count, lines.Length);
        Assert.All(JobSettings.All.Zip(lines), pair =>
        {
            Assert.StartsWith(pair.First.Key, pair.Second, StringComparison.Ordinal);
            Assert.Contains($" {pair.First.Default} ", pair.Second, StringComparison.Ordinal);
            Assert.EndsWith($"({pair.First.Range})", pair.Second, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Invoke_ResumeWhereNothingIs_SaysSoAndLeavesNothing()
    {
        var (exitCode, _, error) = await ConsoleRun.InvokeAsync("server", "--port", "0", "--resume", "--folder", _folder["none"]);
        Assert.Equal(ExitCode.Usage, exitCode);
        Assert.Contains($"There is no run to resume in {_folder["none"]}", error, StringComparison.Ordinal);
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>The command of an example: what follows two blanks or more says what it does.</summary>
    [GeneratedRegex(@"(?m)^\s+(demofl \S+(?: \S+)*)")]
    private static partial Regex Example();
}
