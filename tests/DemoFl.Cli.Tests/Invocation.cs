using System.CommandLine;
using System.Text.Json.Nodes;

namespace DemoFl.Cli.Tests;

/// <summary>Runs a command as the command line does and keeps what it says.</summary>
internal static class Invocation
{
    public static async Task<(string Output, string Error)> RunAsync(this Command command, params string[] args)
    {
        var parsed = command.Parse(args);
        Assert.Empty(parsed.Errors);
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var exitCode = await parsed.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        Assert.Equal(ExitCode.Success, exitCode);
        return (output.ToString(), error.ToString());
    }

    /// <summary>Runs the command with --json and reads its one line.</summary>
    public static async Task<JsonObject> FactsAsync(this Command command, params string[] args)
    {
        var (output, _) = await command.RunAsync([.. args, "--json"]);
        Assert.Equal(1, output.Count(c => c == '\n'));
        return JsonNode.Parse(output)!.AsObject();
    }

    /// <summary>Expects the command to refuse with this exit code, in one line that has all of these words.</summary>
    public static async Task RefusesAsync(this Command command, string[] args, int exitCode, params string[] words)
    {
        var refusal = await Assert.ThrowsAsync<CliException>(() => command.RunAsync(args));
        Assert.Equal(exitCode, refusal.ExitCode);
        Assert.DoesNotContain('\n', refusal.Message);
        Assert.All(words, word => Assert.Contains(word, refusal.Message, StringComparison.Ordinal));
    }

    public static string Text(this JsonObject facts, string key) => facts[key]!.GetValue<string>();

    public static int Number(this JsonObject facts, string key) => facts[key]!.GetValue<int>();
}
