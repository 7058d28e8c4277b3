using DemoFl.Cli.Attack;
using DemoFl.Cli.Commands;
using DemoFl.Cli.Tests.Errors;

namespace DemoFl.Cli.Tests.Attack;

public sealed class AttackCommandTests
{
    private const string LeadersMessage = "--leaders is {n}; it must be {n} to {n}.";
    private const string CorruptMessage = "--corrupt is {n}; it must be 0 to the number of leaders, {n}.";
    private const string ModelMessage = "The model '{model}' has {n} parameters on these data; with {n} leaders and fewer than {n}, chance looks like "
        + "success. Give a larger one by --model, such as mlp:128.";

    private static readonly string[] Small = ["--data", "generated:train=160,test=1,size=8", "--model", "mlp:48"];

    [Fact]
    public async Task Attack_EveryAdversary_LearnsWhatIsPromisedAndNoMore()
    {
        var facts = await AttackCommand.Create().FactsAsync([.. Small, "--leaders", "2"]);
        Assert.True(facts["asPromised"]!.GetValue<bool>());
        Assert.Equal((3610, 7, 2), (facts.Number("dimension"), facts.Number("parties"), facts.Number("leaders")));
        double bound = facts["bound"]!.GetValue<double>();
        Assert.Equal(5 / Math.Sqrt(3610), bound, 1e-12);

        var rows = facts["results"]!.AsArray().Select(r => r!.AsObject()).ToArray();
        Assert.Equal(["Algorithm 1", "masked", "masked", "masked", "rotating", "rotating", "rotating"], rows.Select(r => r.Text("scheme")));
        Assert.Equal([true, false, false, true, false, false, true], rows.Select(r => r["recoveryExpected"]!.GetValue<bool>()));
        Assert.All(rows, r => Assert.InRange(
            r["cosine"]!.GetValue<double>(), r["recoveryExpected"]!.GetValue<bool>() ? AttackResult.Recovered : 0,
            r["recoveryExpected"]!.GetValue<bool>() ? 1.000001 : bound));
    }

    [Fact]
    public async Task Attack_CorruptGiven_ShowsThatNumberInATable()
    {
        var (output, _) = await AttackCommand.Create().RunAsync([.. Small, "--leaders", "4", "--corrupt", "3"]);
        string[] rows = [.. output.Split('\n').Where(l => l.Contains("  coordinator and ", StringComparison.Ordinal))];
        Assert.Equal(2, rows.Length);
        Assert.All(rows, row => Assert.Contains("coordinator and 3 of 4 leaders", row, StringComparison.Ordinal));
        Assert.All(rows, row => Assert.EndsWith("nothing, as promised", row, StringComparison.Ordinal));
        Assert.Contains("Everything is as promised.", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--leaders 1", LeadersMessage)]
    [InlineData("--leaders 16", LeadersMessage)]
    [InlineData("--corrupt 4", CorruptMessage)]
    [InlineData("--corrupt -1", CorruptMessage)]
    [InlineData("--model softmax", ModelMessage)]
    [InlineData("--model mlp:48 --leaders 15", ModelMessage)]
    public async Task Attack_OutOfRange_SaysExactlyThat(string line, string message)
    {
        string[] arguments = ["--data", "generated:train=160,test=1,size=8", .. line.Split(' ')];
        var refusal = await Assert.ThrowsAsync<CliException>(() => AttackCommand.Create().RunAsync(arguments));
        ErrorTable.AssertSays(message, refusal.ExitCode, refusal.Message);
    }

    [Theory]
    [InlineData(true, 0.995, true)]
    [InlineData(true, 0.98, false)]
    [InlineData(false, 0.009, true)]
    [InlineData(false, 0.011, false)]
    public void Result_Measured_IsAsPromisedOrSaysSoLoudly(bool isRecoveryExpected, double cosine, bool isAsPromised)
    {
        var result = new AttackResult("masked", "coordinator", 3, cosine, 0.01, isRecoveryExpected);
        Assert.Equal(isAsPromised, result.IsAsPromised);
        Assert.Equal(!isAsPromised, result.Verdict.Contains("NOT", StringComparison.Ordinal) || result.Verdict.Contains("LEAKS", StringComparison.Ordinal));
        var good = new AttackResult("masked", "coordinator", 3, 0, 0.01, false);
        Assert.Equal(isAsPromised, new AttackReport(null!, [good, result], 0).IsAsPromised);
    }
}
