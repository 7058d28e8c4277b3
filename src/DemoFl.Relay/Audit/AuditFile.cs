namespace DemoFl.Relay.Audit;

/// <summary>
/// The audit file: whole lines at the end of <c>audit.jsonl</c>. When it is full it becomes <c>audit.1.jsonl</c>, in place of the one before,
/// and a new one begins. Created at the first line. The only place that writes it. Not thread-safe.
/// </summary>
internal sealed class AuditFile(string path, long maxBytes) : IDisposable
{
    /// <summary>16 MiB; with the file before it, twice that.</summary>
    public const long DefaultMaxBytes = 16L * 1024 * 1024;

    private FileStream? _stream;

    private string Previous => Path.Combine(Path.GetDirectoryName(path)!, "audit.1.jsonl");

    /// <summary>Adds a line and hands it to the operating system.</summary>
    /// <exception cref="IOException">It could not be written; nothing of it is taken back.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or the file may not be written.</exception>
    public void Append(ReadOnlySpan<byte> line)
    {
        var stream = _stream ??= Open();
        if (stream.Length > 0 && stream.Length + line.Length > maxBytes)
        {
            Dispose();
            File.Move(path, Previous, overwrite: true);
            stream = _stream = Open();
        }

        try
        {
            stream.Write(line);
        }
        catch (IOException)
        {
            // Perhaps half a line is there: opening the file again ends it.
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }

    /// <summary>A process that was killed in the middle of a line leaves half of one; the next begins on its own.</summary>
    private FileStream Open()
    {
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete, bufferSize: 0);
        try
        {
            if (stream.Length > 0)
            {
                stream.Seek(-1, SeekOrigin.End);
                if (stream.ReadByte() != '\n')
                {
                    stream.Write("\n"u8);
                }
            }
        }
        catch
        {
            // A full disk fails here at every line, and each would leave a handle.
            stream.Dispose();
            throw;
        }

        return stream;
    }
}
