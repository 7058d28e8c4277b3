using System.Globalization;

namespace DemoFl.Learning;

/// <summary>
/// Reads a table of numbers with a class label from a CSV file, plain or gzip, separated by comma, semicolon or tab. The first line may be
/// a header of column names, scikit-learn's kind (rows, features, class names), or data. Features are not scaled. Thread-safe.
/// </summary>
public static class CsvReader
{
    /// <summary>The label column's name that means the last column.</summary>
    public const string LastColumn = "last";

    /// <summary>The most columns.</summary>
    public const int MaxColumns = 65_536;

    // Enough of a long header to recognise the file by.
    private const int MaxNamesShown = 20;

    /// <summary>
    /// Reads the table. Whole labels from 0 up are taken as class numbers (as many classes as the header names, or one more than the
    /// largest); other labels are class names, numbered in ordinal order.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="label">The label column: <c>last</c>, or a name from the header.</param>
    /// <param name="classes">The number of classes where the file may lack some; 0 takes it from the file.</param>
    /// <param name="columns">The columns that may be read, the label's among them; null for all. Cells of others are not looked at.</param>
    /// <exception cref="InvalidDataException">The file is malformed; the message says in which line, what was expected and what to
    /// do.</exception>
    public static Dataset Read(string path, string label = LastColumn, int classes = 0, IReadOnlyList<string>? columns = null)
    {
        using var lines = new LineReader(path);
        var first = lines.Next()
            ?? throw new InvalidDataException($"{path}: the file is empty; name a table with one example a line.");
        var separator = CsvLine.SeparatorOf(first);
        var fields = Split(lines, first, separator);
        var table = new CsvTable(path);
        var isCounts = TryReadCounts(fields, out var rows, out var counted, out var names);
        var labelColumn = label == LastColumn ? -1 : FindColumn(lines, isCounts ? [] : fields, label, "Give label=last or one of these");
        var isHeader = !isCounts && IsHeader(fields, labelColumn);
        if (columns is not null) table.Used = UsedColumns(lines, isHeader ? fields : [], columns, labelColumn);
        if (isCounts) table.Columns = counted;
        else if (isHeader) table.Columns = fields.Count;
        else table.Add(lines, fields, labelColumn);

        while (lines.Next() is { } line) table.Add(lines, Split(lines, line, separator), labelColumn);
        if (isCounts && table.Rows != rows)
            throw new InvalidDataException(
                $"{path}: the first line promises {rows} examples, there are {table.Rows}; fetch or export the file again.");
        return table.ToDataset(names, classes);
    }

    private static List<string> Split(LineReader lines, string line, char separator)
    {
        var fields = CsvLine.Split(line, separator)
            ?? throw lines.Malformed("a quote is not closed; close it, line breaks within fields are not read");
        return fields.Count is >= 2 and <= MaxColumns
            ? fields
            : throw lines.Malformed(
                $"there are {fields.Count} columns, 2 to {MaxColumns} are needed; separate them by comma, semicolon or tab");
    }

    // scikit-learn's own files start with rows, features, and the names of the classes: "569,30,malignant,benign".
    private static bool TryReadCounts(List<string> fields, out int rows, out int columns, out List<string> names)
    {
        names = fields[2..];
        var isCounts = int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out rows)
            & int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var features)
            && features < MaxColumns
            && names.Count >= 2
            && names.TrueForAll(name => !CsvTable.TryParseNumber(name, out _));
        columns = features + 1;
        if (!isCounts) names = [];
        return isCounts;
    }

    // Only the label may be a word in a line of data.
    private static bool IsHeader(List<string> fields, int labelColumn)
    {
        var labelIndex = labelColumn < 0 ? fields.Count - 1 : labelColumn;
        return labelColumn >= 0 || fields.Where((_, i) => i != labelIndex).All(field => !CsvTable.TryParseNumber(field, out _));
    }

    private static bool[] UsedColumns(LineReader lines, List<string> header, IReadOnlyList<string> columns, int labelColumn)
    {
        if (header.Count == 0)
            throw lines.Malformed("the first line has no names of columns, and only named ones may be used; give the table a header");
        foreach (var column in columns) FindColumn(lines, header, column, "Correct the list of columns that may be used");
        var used = header.Select(columns.Contains).ToArray();
        var label = labelColumn < 0 ? header.Count - 1 : labelColumn;
        if (!used[label])
            throw lines.Malformed($"the label is in the column '{header[label]}', which may not be used; allow it, or name another by label=NAME");
        return used.Count(isUsed => isUsed) > 1
            ? used
            : throw lines.Malformed($"no column may be used but the label's, '{header[label]}'; allow one more");
    }

    private static int FindColumn(LineReader lines, List<string> header, string name, string advice)
    {
        var column = header.IndexOf(name);
        if (column >= 0) return column;
        var known = header.Count == 0 ? "no names" : string.Join(", ", header.Take(MaxNamesShown));
        throw lines.Malformed($"there is no column '{name}'; the first line has {known}. {advice}");
    }
}
