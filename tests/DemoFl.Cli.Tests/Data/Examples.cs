using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Data;

/// <summary>Data sets as texts that can be compared whatever their order and shape.</summary>
internal static class Examples
{
    public static string[] Of(Dataset data) =>
        [.. Enumerable.Range(0, data.Count)
            .Select(i => $"{data.LabelOf(i)}: {string.Join(' ', data.FeaturesOf(i).ToArray())}")
            .Order(StringComparer.Ordinal)];
}
