using System.Text;

namespace DemoFl.Figures;

/// <summary>A table of the page, row by row.</summary>
internal sealed class MarkdownTable
{
    private readonly StringBuilder _text = new();

    public MarkdownTable(params IReadOnlyCollection<string> columns)
    {
        Add(columns);
        _text.Append('|').Insert(_text.Length, "---|", columns.Count).Append('\n');
    }

    /// <summary>Adds a row.</summary>
    public void Add(params IEnumerable<string> cells) => _text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    public override string ToString() => _text.ToString();
}
