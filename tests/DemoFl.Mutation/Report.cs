using System.Globalization;

namespace DemoFl.Mutation;

/// <summary>A table of findings in Markdown, a row as soon as it is known. Thread-safe.</summary>
internal sealed class Report
{
    private readonly Lock _gate = new();
    private readonly TextWriter _output;

    public Report(TextWriter output)
    {
        _output = output;
        output.WriteLine("| mutant | breaks | seeds | from seed | seconds | caught by |");
        output.WriteLine("|---|---|---:|---:|---:|---|");
    }

    /// <summary>Every mutant was caught, and the product as it is was not.</summary>
    public bool IsGood { get; private set; } = true;

    public void Add(Finding finding) => Write(finding.Violation is not null, string.Create(
        CultureInfo.InvariantCulture,
        $"| {finding.Mutant.Title} (`{finding.Mutant.Name}`) | {finding.Mutant.Promise} | {Seeds(finding)} | {finding.Mutant.FirstSeed} | {finding.Took.TotalSeconds:0.0} | {Words(finding.Violation)} |"));

    /// <summary>A mutant that could not be tried.</summary>
    public void Add(string name, string problem) => Write(false, $"| `{name}` | | | | | **{problem.Split('\n')[0]}** |");

    public void AddProduct(Finding finding) => Write(finding.Violation is null, finding.Violation is null
        ? $"\nThe product as it is keeps every promise for {finding.Seeds} seeds."
        : $"\nThe product as it is breaks a promise at seed {finding.Violation.Seed}: {finding.Violation.Message}");

    private static string Seeds(Finding finding) => finding.Violation is null ? $"**none of {finding.Seeds}**" : $"{finding.Seeds}";

    private static string Words(Violation? violation) => violation?.Message.Replace("|", "\\|", StringComparison.Ordinal) ?? "";

    private void Write(bool good, string line)
    {
        lock (_gate)
        {
            IsGood &= good;
            _output.WriteLine(line);
            _output.Flush();
        }
    }
}
