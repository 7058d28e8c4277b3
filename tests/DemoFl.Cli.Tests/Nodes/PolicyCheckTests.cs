using System.Text.Json.Nodes;

namespace DemoFl.Cli.Tests.Nodes;

/// <summary><c>demofl node policy check</c>, in this process.</summary>
[Collection(nameof(ConsoleCollection))]
public sealed class PolicyCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Check_PolicyAlone_ShowsWhatItSays()
    {
        var (exitCode, output, error) = await CheckAsync("layouts: [masked, rotating]\nmax-rounds: 20\n");
        Assert.Equal((ExitCode.Success, ""), (exitCode, error));
        Assert.Matches(@"(?m)^  layouts +masked, rotating$", output);
        Assert.Matches(@"(?m)^  max-rounds +20$", output);
        Assert.DoesNotContain("job", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_JobThatIsAccepted_SaysSoAndWhatItCannotTell()
    {
        string job = _folder.Write("job.yaml", "model: mlp:64\nleaders: 5\n");
        var (exitCode, output, _) = await CheckAsync("models: mlp:*\nmin-leaders: 5\nservers: fl\nmax-rounds: 20\n", "--job", job);
        Assert.Equal(ExitCode.Success, exitCode);
        Assert.Contains($"{job} would be accepted.", output, StringComparison.Ordinal);
        Assert.Contains("servers, max-rounds;", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_JobThatIsRefused_NamesEverySettingAndExitsSo()
    {
        string job = _folder.Write("job.yaml", "model: cnn\nepochs: 5\nupload-deadline: 10s\nk-min: 3\nlayout: rotating\n");
        const string Policy = "models: [softmax, mlp:*]\nmax-epochs: 2\nmin-upload-deadline: 1m\nmin-k: 4\nlayouts: masked\nmin-leaders: 5\n";
        var (exitCode, output, _) = await CheckAsync(Policy, "--job", job);
        Assert.Equal(ExitCode.Refused, exitCode);
        string[] settings = ["models", "layouts", "min-leaders", "min-k", "max-epochs", "min-upload-deadline"];
        Assert.All(settings, s => Assert.Matches($"(?m)^  {s}: \\S", output));

        var (_, json, _) = await CheckAsync(Policy, "--job", job, "--json");
        var facts = JsonNode.Parse(json)!;
        Assert.Equal(settings, facts["refuses"]!.AsArray().Select(r => r!.GetValue<string>().Split(':')[0]));
        Assert.Equal("softmax, mlp:*", facts["policy"]!["models"]!.GetValue<string>());
    }

    [Fact]
    public async Task Check_JobThatStandardizes_IsRefusedWhereThatIsNot() => Assert.Contains(
        "standardize: ", (await CheckAsync("standardize: false\nmodels: mlp:*\n", "--set", "standardize=true")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Check_JobBySetAlone_IsJudged() =>
        Assert.Equal(ExitCode.Refused, (await CheckAsync("max-epochs: 2\n", "--set", "epochs=3")).ExitCode);

    public void Dispose() => _folder.Dispose();

    private Task<(int ExitCode, string Output, string Error)> CheckAsync(string policy, params string[] more) =>
        ConsoleRun.InvokeAsync(["node", "policy", "check", _folder.Write("policy.yaml", policy), .. more]);
}
