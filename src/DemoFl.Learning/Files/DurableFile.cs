using System.Runtime.InteropServices;

namespace DemoFl.Relay.Storage;

/// <summary>Files that are either wholly there after a crash or not at all.</summary>
internal static partial class DurableFile
{
    /// <summary>Writes beside <paramref name="path"/>, fsyncs, renames over it, fsyncs the directory.</summary>
    public static void Write(string path, Action<Stream> write) => Write(path, write, overwrite: true);

    /// <summary>Likewise, but refuses to replace a file.</summary>
    /// <exception cref="IOException">The file exists already.</exception>
    public static void WriteNew(string path, Action<Stream> write) => Write(path, write, overwrite: false);

    /// <summary>Makes a rename or a creation durable. Windows has no such call and needs none.</summary>
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
        if (result != 0)
        {
            throw new IOException($"Cannot make the directory {directory} durable: error {error}.");
        }
    }

    private static void Write(string path, Action<Stream> write, bool overwrite)
    {
        string temporary = path + ".tmp";
        var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
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
