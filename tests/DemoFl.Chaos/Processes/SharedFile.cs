using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DemoFl.Chaos.Processes;

/// <summary>Reads files that another process has open and locked. .NET asks for a lock in every mode; the system itself does not.</summary>
internal static partial class SharedFile
{
    /// <summary>All of it.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path) => ReadEnd(path, long.MaxValue);

    /// <summary>The last so many bytes, as text.</summary>
    /// <inheritdoc cref="ReadBytes"/>
    public static string ReadEndText(string path, int bytes) => Encoding.UTF8.GetString(ReadEnd(path, bytes));

    private static byte[] ReadEnd(string path, long length)
    {
        using var handle = new SafeFileHandle(Open(path, 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"Cannot open {path}: error {Marshal.GetLastPInvokeError()}.");
        }

        using var file = new FileStream(handle, FileAccess.Read);
        file.Position = Math.Max(0, file.Length - length);
        var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);
}
