using DemoFl.Node.Owner;

namespace DemoFl.Node.Tests.Owner;

/// <summary>A folder of keys of a test's own, with the records in it.</summary>
internal sealed class RecordPlace : IDisposable
{
    private readonly DirectoryInfo _keys = Directory.CreateTempSubdirectory("demofl-record-");

    public string Keys => _keys.FullName;

    public string FolderOf(string name) => OwnerFolder.PathOf(Keys, name);

    public IReadOnlyList<string> FilesOf(string name) => RecordFiles.In(FolderOf(name));

    /// <summary>As it is now, the chain whole.</summary>
    public IReadOnlyList<RecordLine> LinesOf(string name)
    {
        var content = RecordReader.Read(FolderOf(name));
        Assert.Empty(content.Problems);
        return content.Lines;
    }

    /// <summary>A chain of small files, in which a disk that is full can be played by <see cref="BlockNextFile"/>.</summary>
    public RecordChain Chain(string name, int maxBytes = RecordFiles.MaxBytes)
    {
        Directory.CreateDirectory(FolderOf(name));
        return RecordChain.Open(FolderOf(name), TimeProvider.System, maxBytes);
    }

    /// <summary>Puts a folder where the next file would be made, so that no file can be.</summary>
    public string BlockNextFile(string name) => Directory.CreateDirectory(RecordFiles.After(FolderOf(name), FilesOf(name)[^1])).FullName;

    public void Dispose() => _keys.Delete(recursive: true);
}
