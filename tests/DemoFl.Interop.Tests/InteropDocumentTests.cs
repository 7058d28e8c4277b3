using System.Text.RegularExpressions;
using DemoFl.Interop.Tests.Peers;

namespace DemoFl.Interop.Tests;

/// <summary>The document that says what is tested.</summary>
public sealed partial class InteropDocumentTests
{
    private static readonly string[] Columns = ["Python{0}Client", "Python{0}Server", "Node{0}Client", "Node{0}Server"];

    private readonly string _document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "interop.md"));

    [Fact]
    public void Matrix_Cells_AreTheTestsThereAre()
    {
        var written = from type in typeof(PeerFactAttribute).Assembly.GetTypes()
                      where !type.IsAbstract
                      from method in type.GetMethods()
                      where method.IsDefined(typeof(PeerFactAttribute), inherit: false)
                      select $"{type.Name}.{method.Name}";
        var ticked = from row in MatrixRow().Matches(_document)
                     let tls = row.Groups["test"].Value.Contains("Tls_", StringComparison.Ordinal) ? "Tls" : ""
                     from column in Enumerable.Range(0, Columns.Length)
                     where row.Groups["cell"].Captures[column].Value == "✓"
                     select $"{string.Format(null, Columns[column], tls)}Tests.{row.Groups["test"].Value}";

        Assert.Equal(written.Order(StringComparer.Ordinal), ticked.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Traps_TestsNamed_AreThere()
    {
        var folder = Path.Combine(Repository.Root, "tests", "DemoFl.Rpc.Tests");
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).ToLookup(Path.GetFileNameWithoutExtension, File.ReadAllText);
        var named = TrapTest().Matches(_document).Select(match => (Class: match.Groups[1].Value, Method: match.Groups[2].Value)).ToArray();

        Assert.True(named.Length > 50, $"Only {named.Length} tests are named.");
        Assert.All(named, test => Assert.Contains(sources[test.Class], source => source.Contains($" {test.Method}(", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\| .+ \| `(?<test>\w+)` (?:\| (?<cell>[✓–]) ){4}\|\r?$", RegexOptions.Multiline)]
    private static partial Regex MatrixRow();

    [GeneratedRegex(@"`([A-Za-z]+(?:Tests|Contract))\.([A-Za-z]+_[A-Za-z0-9_]+)`")]
    private static partial Regex TrapTest();
}
