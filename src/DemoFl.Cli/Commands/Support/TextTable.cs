using System.Globalization;

namespace DemoFl.Cli.Commands;

/// <summary>A table in plain text: columns as wide as their widest cell, numbers to the right.</summary>
internal sealed class TextTable
{
    private const string Gap = "  ";

    private readonly List<string[]> _rows = [];

    public TextTable(params string[] header) => _rows.Add(header);

    /// <summary>Adds a row of as many cells as the header has.</summary>
    public void Add(params IEnumerable<string> cells) => _rows.Add([.. cells.Select(Printable)]);

    public void Write(TextWriter output)
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(column => _rows.Max(row => row[column].Length)).ToArray();
        var isNumeric = Enumerable.Range(0, widths.Length).Select(column => _rows.Skip(1).All(row => IsNumber(row[column]))).ToArray();
        foreach (var row in _rows)
        {
            var cells = row.Select((cell, column) => isNumeric[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            output.WriteLine(string.Join(Gap, cells).TrimEnd());
        }
    }

    /// <summary>The text without control characters: what stands in a file must not steer the reader's terminal.</summary>
    public static string Printable(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;

    private static bool IsNumber(string cell) =>
        cell.Length == 0
            || double.TryParse(cell.TrimEnd('%'), NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _);
}
