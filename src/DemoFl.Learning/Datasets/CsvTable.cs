using System.Globalization;

namespace DemoFl.Learning;

/// <summary>The rows of a CSV file read so far.</summary>
internal sealed class CsvTable(string path)
{
    private const int MaxShownCharacters = 40;

    private readonly List<float> _features = [];
    private readonly List<string> _labels = [];
    private readonly List<int> _lines = [];

    /// <summary>The columns, the label's among them; 0 until the first line is known.</summary>
    public int Columns { get; set; }

    /// <summary>Which columns may be read, the label's among them; null for all.</summary>
    public bool[]? Used { get; set; }

    public int Rows => _labels.Count;

    public static bool TryParseNumber(string text, out float value) =>
        float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    /// <summary>Adds one line; a negative label column means the last.</summary>
    /// <exception cref="InvalidDataException">The line does not suit the others, or a cell is no number.</exception>
    public void Add(LineReader lines, List<string> fields, int labelColumn)
    {
        if (Columns == 0) Columns = fields.Count;
        if (fields.Count != Columns)
            throw lines.Malformed($"there are {fields.Count} columns, the lines before promise {Columns}; complete the line or remove it");
        if (_features.Count + (long)Columns > Dataset.MaxValues)
            throw lines.Malformed($"the table has more than {Dataset.MaxValues} values; split it");

        var labelIndex = labelColumn < 0 ? fields.Count - 1 : labelColumn;
        for (var i = 0; i < fields.Count; i++)
        {
            if (i == labelIndex) AddLabel(lines, fields[i], i + 1);
            else if (Used is null || Used[i]) AddFeature(lines, fields[i], i + 1);
        }
    }

    public Dataset ToDataset(List<string> names, int classes)
    {
        if (Rows == 0)
            throw new InvalidDataException($"{path}: there are no lines of data, only a header; add one example a line.");
        var (labels, count) = ClassLabels.Number(path, _labels, _lines, names, classes);
        var features = (Used?.Count(isUsed => isUsed) ?? Columns) - 1;
        return new Dataset(new InputShape(1, 1, features), count, [.. _features], labels);
    }

    private void AddLabel(LineReader lines, string text, int column)
    {
        _labels.Add(text.Length > 0 ? text : throw lines.Malformed(column, "the label is missing; fill it in or remove the line"));
        _lines.Add(lines.Number);
    }

    private void AddFeature(LineReader lines, string text, int column)
    {
        if (!TryParseNumber(text, out var value) || !float.IsFinite(value))
        {
            var shown = text.Length <= MaxShownCharacters ? text : text[..MaxShownCharacters] + "...";
            throw lines.Malformed(column, $"'{shown}' is not a finite number; fill it in, encode it or remove the column");
        }

        _features.Add(value);
    }
}
