using System.Reflection;
using System.Text.RegularExpressions;
using DemoFl.Cli.Tests.Errors;

namespace DemoFl.Cli.Tests;

/// <summary>docs/errors.md names exit codes that the program uses and tests that exist, and leaves out no message of the sources.</summary>
public sealed class ErrorTableTests
{
    /// <summary>Messages that no input of a person leads to, and those of which a longer one in the table says more.</summary>
    private static readonly string[] Elsewhere =
    [
        // Settings of the library, which the job's own ranges are within.
        "Epochs is", "BatchSize is", "LearningRate is", "Momentum is", "WeightDecay is", "Proximal is",

        // Limits beyond two billion values, a million tokens or a thousand runs, and a server that is not DemoFl's or lies: tested beside their code.
        "are more than", "there are more than", "the table has more than", "redemptions. Remove", "a file has at most", "runs in this process's life",
        "in the middle of the join", "signing key is not a P-256", "signs with a key that the roster", "The server broke the protocol",

        // Files that a command makes are checked for before; two writers at one moment get this.
        "exists already and is not overwritten. Move it away first.",

        // What the file system says of a file that is there and cannot be read.
        "cannot be read: ", "The server process ended early, with exit code", "the token is in the file already", "the token is redeemed already",
        "must be an http:// or https:// address",
    ];

    [Fact]
    public void Table_EveryRow_NamesAnExitCodeAndATestThatAreThere()
    {
        var tests = Assembly.GetExecutingAssembly().GetTypes().SelectMany(type => type.GetMethods())
            .Where(m => m.GetCustomAttribute<FactAttribute>(inherit: true) is not null).Select(m => $"{m.DeclaringType!.Name}.{m.Name}").ToHashSet();
        int[] codes = [.. typeof(ExitCode).GetFields().Select(f => (int)f.GetRawConstantValue()!)];
        Assert.NotEmpty(ErrorTable.Rows);
        Assert.All(ErrorTable.Rows, row =>
        {
            Assert.Contains(row.ExitCode, codes);
            Assert.Contains(row.Test, tests);
        });
        Assert.Equal(ErrorTable.Rows.Count, ErrorTable.Rows.DistinctBy(r => r.Message).Count());
    }

    [Fact]
    public void Sources_EveryMessageOfARefusal_IsInTheTable()
    {
        var messages = MessageSources.All().ToArray();
        Assert.True(messages.Length > 150, $"Only {messages.Length} messages were found: the sources are not read as they are written.");
        string[] missing = [.. messages.Where(m => !Elsewhere.Any(e => m.Message.Contains(e, StringComparison.Ordinal)) && !IsListed(m.Message))
            .Select(m => $"{m.Place}: {m.Message.Replace('\0', '*')}")];
        Assert.True(missing.Length == 0, $"Not in docs/errors.md:\n{string.Join('\n', missing)}");
    }

    /// <summary>Whether one row has all words of a message, in their order.</summary>
    private static bool IsListed(string message)
    {
        string[] words = [.. message.Split('\0').Select(w => w.Trim(' ')).Where(w => w.Any(char.IsLetter))];
        var pattern = new Regex(string.Join(".*", words.Select(Regex.Escape)), RegexOptions.None, TimeSpan.FromSeconds(5));
        return words.Length == 0 || ErrorTable.Rows.Any(r => pattern.IsMatch(r.Message));
    }
}
