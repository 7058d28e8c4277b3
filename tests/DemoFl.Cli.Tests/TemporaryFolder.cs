namespace DemoFl.Cli.Tests;

/// <summary>A folder of a test's own, gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demofl-cli-");

    public string Path => _folder.FullName;

    public string this[params string[] names] => System.IO.Path.Combine([Path, .. names]);

    /// <summary>All files in it, relative and in order.</summary>
    public string[] Files =>
        [.. _folder.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => System.IO.Path.GetRelativePath(Path, file.FullName))
            .Order(StringComparer.Ordinal)];

    public string Write(string name, string content)
    {
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
