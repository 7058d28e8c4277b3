namespace DemoFl.Figures.Tests;

/// <summary>A workshop in a folder of its own that goes with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("demofl-figures-tests-").FullName;

    public Workshop Workshop => new(Path, System.IO.Path.Combine(Path, "runs"), "demofl.dll", DataSets: null, TextWriter.Null);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
