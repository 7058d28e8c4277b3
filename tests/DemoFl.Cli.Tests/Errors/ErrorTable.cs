using System.Globalization;
using System.Text.RegularExpressions;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>docs/errors.md as it is checked in.</summary>
internal static partial class ErrorTable
{
    public static readonly IReadOnlyList<ErrorRow> Rows = [.. File.ReadAllLines(Path.Combine(Repository.Root, "docs", "errors.md"))
        .Where(l => l.StartsWith("| `", StringComparison.Ordinal)).Select(Parse)];

    /// <summary>The messages that a test is said to exercise.</summary>
    public static string[] MessagesOf(string test) => [.. Rows.Where(r => r.Test == test).Select(r => r.Message)];

    /// <summary>Expects a message to be in the table with its exit code, and the program to have said just that, in one line.</summary>
    public static void AssertSays(string message, int exitCode, string error)
    {
        var row = Assert.Single(Rows, r => r.Message == message);
        Assert.Equal($"{row.ExitCode}: {row.Message}", row.Pattern.IsMatch(error.TrimEnd('\n')) ? $"{exitCode}: {row.Message}" : $"{exitCode}: {error}");
    }

    private static ErrorRow Parse(string line)
    {
        var row = Row().Match(line);
        Assert.True(row.Success, line);
        string message = row.Groups["message"].Value;
        string pattern = string.Join("[^\n]+", Placeholder().Split(message).Select(Regex.Escape));
        return new ErrorRow(
            message, int.Parse(row.Groups["code"].Value, CultureInfo.InvariantCulture), row.Groups["test"].Value,
            new Regex($@"\A{pattern}\z", RegexOptions.None, TimeSpan.FromSeconds(5)));
    }

    // Two backticks where the message itself has one.
    [GeneratedRegex(@"^\| (?:`` (?<message>.+) ``|`(?<message>[^`]+)`) \| (?<code>\d+) \| `(?<test>\w+\.\w+)` \|$", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Placeholder();
}
