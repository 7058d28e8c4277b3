namespace DemoFl.Identity.Tests;

/// <summary>A folder of a test's own, gone when the test is over.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demofl-identity-");

    public string this[string name] => Path.Combine(_folder.FullName, name);

    public IEnumerable<string> Files => _folder.EnumerateFiles("*", SearchOption.AllDirectories).Select(file => file.Name).Order();

    public void Dispose() => _folder.Delete(recursive: true);
}
