namespace DemoFl.Fuzz;

/// <summary>A reader of a file. Its inputs are written to a folder of the target's own, in memory where the system has such a place.</summary>
internal abstract class FileTarget : Target
{
    private const string MemoryFolder = "/dev/shm";

    protected FileTarget(string name, InputForm form)
        : base(name, form)
    {
        string root = Directory.Exists(MemoryFolder) ? MemoryFolder : Path.GetTempPath();
        Folder = Path.Combine(root, $"demofl-fuzz-{Environment.ProcessId}-{name}-{Guid.NewGuid():N}");
        Directory.CreateDirectory(Folder);
    }

    protected string Folder { get; }

    public override void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        base.Dispose();
    }

    protected string PathOf(string name) => Path.Combine(Folder, name);

    /// <summary>The input as a file, in the place of the one before.</summary>
    protected string Write(string name, ReadOnlySpan<byte> input)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, input);
        return path;
    }
}
