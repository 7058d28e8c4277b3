using System.IO.Compression;

namespace DemoFl.Learning.Tests;

/// <summary>A directory of one test's own, removed with it.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("demofl-learning-").FullName;

    public string Write(string name, byte[] content, bool gzip = false)
    {
        var path = System.IO.Path.Combine(Path, name);
        File.WriteAllBytes(path, gzip ? Gzip(content) : content);
        return path;
    }

    public string Write(string name, string content, bool gzip = false) => Write(name, System.Text.Encoding.UTF8.GetBytes(content), gzip);

    public static byte[] Gzip(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Optimal)) gzip.Write(content);
        return buffer.ToArray();
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
