using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>How many examples of each label somebody holds.</summary>
internal sealed class LabelCounts
{
    private readonly int[] _counts;

    public LabelCounts(Dataset data)
    {
        _counts = new int[data.Classes];
        foreach (var label in data.Labels) _counts[label]++;
    }

    public int Total => _counts.Sum();

    /// <summary>The labels that occur at all.</summary>
    public int Distinct => _counts.Count(count => count > 0);

    public IReadOnlyList<int> Counts => _counts;

    /// <summary>Label to count, without the labels that do not occur.</summary>
    public JsonObject ToJson() =>
        new(_counts.Index().Where(entry => entry.Item > 0).Select(entry => KeyValuePair.Create($"{entry.Index}", (JsonNode?)entry.Item)));
}
