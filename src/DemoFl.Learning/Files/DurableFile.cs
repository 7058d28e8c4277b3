using System.Runtime.InteropServices;

namespace DemoFl.Learning;

/// <summary>
/// Files that are either wholly there after a crash or not at all. Thread-safe, but for two writers of one path: beside it they use one temporary
/// file, which a failure removes and a crash may leave.
/// </summary>
public static partial class DurableFile
{
    /// <summary>EINVAL: some network file systems make directories durable by themselves, or not at all, and have no call for it.</summary>
    private const int NotSupported = 22;

    /// <summary>Writes beside <paramref name="path"/>, fsyncs, renames over it, fsyncs the directory.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <param name="mode">The mode of the new file on Unix; the system's default without.</param>
    /// <exception cref="IOException">It cannot be made durable. The file is the old or the new one.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void Write(string path, Action<Stream> write, UnixFileMode? mode = null) => Write(path, write, mode, overwrite: true);

    /// <summary>Likewise, but refuses to replace a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="write">Writes its content.</param>
    /// <exception cref="IOException">The file exists already, or it cannot be made durable.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static void WriteNew(string path, Action<Stream> write) => Write(path, write, mode: null, overwrite: false);

    /// <summary>Makes a rename or a creation durable. Windows has no such call and needs none.</summary>
    /// <param name="directory">The folder in which it happened.</param>
    /// <exception cref="IOException">The folder may not be read, or the disk failed.</exception>
    public static void SyncDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(directory, 0);
        if (descriptor < 0)
        {
            throw new IOException($"Cannot open the directory {directory} to make it durable: error {Marshal.GetLastPInvokeError()}.");
        }

        int result = Fsync(descriptor);
        int error = Marshal.GetLastPInvokeError();
        _ = Close(descriptor);
        if (result != 0 && error != NotSupported)
        {
            throw new IOException($"Cannot make the directory {directory} durable: error {error}.");
        }
    }

    private static void Write(string path, Action<Stream> write, UnixFileMode? mode, bool overwrite)
    {
        string temporary = path + ".tmp";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (mode is not null && !OperatingSystem.IsWindows())
        {
            // Only a file that is made gets a mode.
            File.Delete(temporary);
            options.UnixCreateMode = mode;
        }

        var stream = new FileStream(temporary, options);
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }

        SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
