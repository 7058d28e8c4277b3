using System.Text.Json.Nodes;

namespace DemoFl.Cli.Tests.Nodes;

/// <summary><c>demofl node log</c>, in this process.</summary>
[Collection(nameof(ConsoleCollection))]
public sealed class NodeLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Log_ForAPerson_IsALineAnEventAndTotals()
    {
        Records.WriteSome(_folder);
        var (exitCode, output, error) = await LogAsync();
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        string[] lines = output.Split('\n');
        Assert.Contains("2030-01-02 03:04:01  join          to https://fl.example:7070/: name, key and proof of node aabbccdd", lines);
        Assert.Contains("2030-01-02 03:04:06  vector        round 1: masked vector, 6.65 MB, to the coordinator, SHA-256 99ff", lines);
        Assert.Contains("2030-01-02 03:04:05  announcement  round 1: a sealed nonce to bbbbbbbb, slot 0", lines);
        Assert.Contains("2030-01-02 03:04:08  ended         round 1: committed, 10 parties in the sum", lines);
        Assert.Contains("2030-01-02 03:04:11  ended         round 2: aborted: too few", lines);
        Assert.Contains("In 1 round of 1 run, 6.65 MB of masked vectors left this node to the coordinator.", lines);
        Assert.Contains("It declined 1 round.", lines);
        Assert.Contains("All messages together, from the first word of a join to the last acknowledgement: 112, 6.66 MB.", lines);
        Assert.DoesNotContain("  sent  ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_OfAReorganisedRound_SaysToWhomSeedsAndWordsWent()
    {
        Records.Write(
            _folder, "alice", """ "event":"start","name":"alice","torn":0 """,
            $""" "event":"reseal","round":4,"slot":2,"to":"{new string('c', 64)}" """,
            $""" "event":"affirmation","round":4,"term":3,"slot":0,"to":"{new string('b', 64)}" """);
        var (_, output, _) = await LogAsync();
        Assert.Contains("reseal        round 4: the sealed seed of slot 2 to its new holder, cccccccc", output, StringComparison.Ordinal);
        Assert.Contains("affirmation   round 4, term 3: which leaders it has resealed to, to bbbbbbbb, slot 0", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2..2", 2, "No vector left this node.")]
    [InlineData("..1", 1, "In 1 round of 1 run")]
    [InlineData("1..", 1, "In 1 round of 1 run")]
    [InlineData("7..9", 0, "No vector left this node.")]
    public async Task Log_OfRounds_ShowsThoseAlone(string range, int round, string total)
    {
        Records.WriteSome(_folder);
        var (_, output, _) = await LogAsync("--rounds", range);
        Assert.Equal(round > 0, output.Contains($"round {round}", StringComparison.Ordinal));
        Assert.Contains(total, output, StringComparison.Ordinal);
        Assert.DoesNotContain("join", output, StringComparison.Ordinal);
        Assert.Equal(range.EndsWith("..", StringComparison.Ordinal), output.Contains("round 1", StringComparison.Ordinal) && output.Contains("round 2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Log_AsJson_IsTheRecordItself()
    {
        string file = Records.WriteSome(_folder);
        var (_, output, _) = await LogAsync("--json");
        Assert.Equal(File.ReadAllLines(file).Select(l => JsonNode.Parse(l)!.ToJsonString()), output.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Verify_WholeRecord_SaysSoWithItsLastHash()
    {
        string file = Records.WriteSome(_folder);
        File.AppendAllText(file, "{\"n\":13,");
        var (exitCode, output, error) = await LogAsync("--verify");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Contains("12 lines, each as it was written.", output, StringComparison.Ordinal);
        byte[] last = System.Text.Encoding.UTF8.GetBytes(File.ReadAllLines(file)[11]);
        Assert.Contains(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(last)), output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--verify")]
    [InlineData("--json")]
    public async Task Log_RecordThatWasTamperedWith_NamesTheLineAndFails(string option)
    {
        string file = Records.WriteSome(_folder);
        File.WriteAllText(file, File.ReadAllText(file).Replace("6653520", "6653519", StringComparison.Ordinal));
        var (exitCode, _, error) = await LogAsync(option);
        Assert.Equal(ExitCode.Failed, exitCode);
        ErrorTableSays("Not as it was written: {file}:{line}: line {n}, before it, is not as it was written.", exitCode, error);
        Assert.Contains("000001.jsonl:8: line 7, before it", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_LineOfAStranger_CannotSteerTheTerminal()
    {
        Records.Write(_folder, "alice", """ "event":"refused","reason":"\u001b[2Jgone" """);
        var (_, output, _) = await LogAsync();
        Assert.DoesNotContain('\u001b', output);
        Assert.Contains("gone", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_SeveralNodes_AreTakenByName()
    {
        Records.WriteSome(_folder);
        Records.Write(_folder, "bob", """ "event":"start","name":"bob","torn":7 """);
        Assert.Equal(ExitCode.Usage, (await LogAsync()).ExitCode);
        var (exitCode, output, _) = await LogAsync("--name", "bob");
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains("bob; 7 bytes of a line that was not whole were dropped", output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static void ErrorTableSays(string row, int exitCode, string error) => Errors.ErrorTable.AssertSays(row, exitCode, error);

    private Task<(int ExitCode, string Output, string Error)> LogAsync(params string[] more) =>
        ConsoleRun.InvokeAsync(["node", "log", "--keys", _folder["keys"], .. more]);
}
