using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>How often each class was taken for which: rows are the true classes, columns the predicted ones.</summary>
internal sealed class Confusion
{
    /// <summary>The most classes of which the whole matrix is given out.</summary>
    public const int MaxMatrixClasses = 1_000;

    private readonly int[] _counts, _correct, _predicted;
    private readonly int[][]? _matrix;

    public Confusion(Dataset data, IReadOnlyList<int> predictions, int classes)
    {
        (_counts, _correct, _predicted) = (new int[classes], new int[classes], new int[classes]);
        _matrix = classes <= MaxMatrixClasses ? [.. Enumerable.Range(0, classes).Select(_ => new int[classes])] : null;
        for (var i = 0; i < data.Count; i++)
        {
            var (label, predicted) = (data.LabelOf(i), predictions[i]);
            _counts[label]++;
            _predicted[predicted]++;
            if (label == predicted) _correct[label]++;
            if (_matrix is not null) _matrix[label][predicted]++;
        }
    }

    /// <summary>A line per class that occurs: examples, recall and precision.</summary>
    public TextTable Table()
    {
        var table = new TextTable("class", "examples", "recall", "precision");
        for (var label = 0; label < _counts.Length; label++)
        {
            if (_counts[label] + _predicted[label] > 0)
                table.Add($"{label}", $"{_counts[label]}", Share(_correct[label], _counts[label]),
                    Share(_correct[label], _predicted[label]));
        }

        return table;
    }

    public JsonArray ClassesJson() => [.. Enumerable.Range(0, _counts.Length).Select(label => (JsonNode)new JsonObject
    {
        ["class"] = label, ["examples"] = _counts[label], ["predicted"] = _predicted[label], ["correct"] = _correct[label],
    })];

    /// <summary>The matrix, or null when there are too many classes for it.</summary>
    public JsonArray? MatrixJson() => _matrix is null ? null : [.. _matrix.Select(row => (JsonNode)Facts.ArrayOf(row))];

    private static string Share(int part, int whole) => whole == 0 ? "" : $"{100.0 * part / whole:F1}%";
}
