using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DemoFl.Chaos.Processes;

/// <summary>Reads files that another process has open and locked. .NET asks for a lock in every mode; the system itself does not.</summary>
internal static partial class SharedFile
{
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[] ReadBytes(string path)
    {
        using var handle = new SafeFileHandle(Open(path, 0), ownsHandle: true);
        if (handle.IsInvalid)
        {
            throw new IOException($"Cannot open {path}: error {Marshal.GetLastPInvokeError()}.");
        }

        using var file = new FileStream(handle, FileAccess.Read);
        var bytes = new MemoryStream();
        file.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <inheritdoc cref="ReadBytes"/>
    public static string ReadText(string path) => Encoding.UTF8.GetString(ReadBytes(path));

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);
}
