namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>A folder of a test's own, in the system's place for such folders or in another.</summary>
internal sealed class TemporaryFolder(string? place = null) : IDisposable
{
    public string Path { get; } = place is null
        ? Directory.CreateTempSubdirectory("demofl-relay-").FullName
        : Directory.CreateDirectory(System.IO.Path.Combine(place, $"demofl-relay-{Guid.NewGuid():N}")).FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
