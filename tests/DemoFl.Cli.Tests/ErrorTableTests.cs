using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace DemoFl.Cli.Tests;

/// <summary>docs/errors.md names messages that the program has, exit codes that it uses and tests that exist.</summary>
public sealed partial class ErrorTableTests
{
    [Fact]
    public void Table_EveryRow_NamesAMessageAnExitCodeAndATestThatAreThere()
    {
        string root = Repository.Root;
        string[] sources = [.. Directory.EnumerateDirectories(Path.Combine(root, "src")).SelectMany(SourcesOf).Select(File.ReadAllText)];
        var tests = Assembly.GetExecutingAssembly().GetTypes().SelectMany(type => type.GetMethods())
            .Where(m => m.GetCustomAttribute<FactAttribute>(inherit: true) is not null).Select(m => $"{m.DeclaringType!.Name}.{m.Name}").ToHashSet();
        int[] codes = [.. typeof(ExitCode).GetFields().Select(f => (int)f.GetRawConstantValue()!)];
        string[] lines = [.. File.ReadAllLines(Path.Combine(root, "docs", "errors.md")).Where(l => l.StartsWith("| `", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        Assert.All(lines, line =>
        {
            var row = Row().Match(line);
            Assert.True(row.Success, line);
            string[] words = [.. Placeholder().Split(row.Groups["message"].Value).Where(w => w.Any(char.IsLetter))];
            Assert.True(Array.Exists(sources, s => words.All(w => s.Contains(w, StringComparison.Ordinal))), $"No source has all words of: {line}");
            Assert.Contains(int.Parse(row.Groups["code"].Value, CultureInfo.InvariantCulture), codes);
            Assert.Contains(row.Groups["test"].Value, tests);
        });
    }

    private static IEnumerable<string> SourcesOf(string project) => Directory.EnumerateFiles(project, "*.cs", SearchOption.AllDirectories)
        .Where(f => Path.GetRelativePath(project, f).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj"));

    [GeneratedRegex(@"^\| `(?<message>[^`]+)` \| (?<code>\d+) \| `(?<test>\w+\.\w+)` \|$", RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"\{[^}]*\}")]
    private static partial Regex Placeholder();
}
