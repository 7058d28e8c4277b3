namespace DemoFl.Cli.Tests.Errors;

/// <summary>Every error that a command meets by itself, in this process: the table's words, its exit code, and nothing left behind.</summary>
[Collection(nameof(ConsoleCollection))]
public sealed class ErrorCaseTests : IDisposable
{
    private static readonly Dictionary<string, Func<TemporaryFolder, string[]>> Cases = new[]
    {
        CasesOfData.All, CasesOfModels.All, CasesOfKeys.All, CasesOfJobs.All, CasesOfRuns.All, CasesOfNodes.All,
    }.SelectMany(c => c).ToDictionary(StringComparer.Ordinal);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Messages => [.. Listed];

    private static string[] Listed => ErrorTable.MessagesOf($"{nameof(ErrorCaseTests)}.{nameof(Invoke_CaseOfTheTable_SaysExactlyThatAndEndsSo)}");

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Invoke_CaseOfTheTable_SaysExactlyThatAndEndsSo(string message)
    {
        Assert.True(Cases.TryGetValue(message, out var arguments), $"No case makes: {message}");
        string[] line = arguments(_folder);
        string[] before = _folder.Files;
        var (exitCode, output, error) = await ConsoleRun.InvokeAsync(line);
        ErrorTable.AssertSays(message, exitCode, error);
        Assert.Empty(output);
        Assert.Equal(before, _folder.Files.Where(f => !f.EndsWith(".key", StringComparison.Ordinal) || before.Contains(f)));
    }

    [Fact]
    public void Cases_All_AreInTheTable() => Assert.Empty(Cases.Keys.Except(Listed));

    public void Dispose() => _folder.Dispose();
}
