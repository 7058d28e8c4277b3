using System.Globalization;
using DemoFl.Learning;

namespace DemoFl.Node.Tests;

/// <summary>A table of <see cref="WildTable"/> as a CSV file.</summary>
internal sealed class WildTableFile : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("demofl-table-").FullName;

    public WildTableFile()
    {
        var table = WildTable.Of(rows: 40, seed: 5);
        File.WriteAllLines(FilePath, Enumerable.Range(0, table.Count).Select(i =>
            $"{string.Join(',', table.FeaturesOf(i).ToArray().Select(x => x.ToString("R", CultureInfo.InvariantCulture)))},{table.LabelOf(i)}"));
    }

    private string FilePath => Path.Combine(_folder, "table.csv");

    public TrainTest Load(string options = "") => Datasets.Load($"csv:{FilePath}{options}");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
