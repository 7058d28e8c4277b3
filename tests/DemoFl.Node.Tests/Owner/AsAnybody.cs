using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace DemoFl.Node.Tests.Owner;

/// <summary>Work in a folder that may be written and not read, which root may all the same: on this thread, a process of root's gives that right up meanwhile.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class AsAnybody
{
    private const uint Root = 0;
    private const uint Nobody = 65534;

    /// <summary>Of the group, too, which the thread stays in.</summary>
    private const UnixFileMode Enter = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode WriteOnly = Enter | UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Does the work on the calling thread, and gives the folder its mode back.</summary>
    public static void InUnreadable(string folder, Action work)
    {
        var modes = WayTo(folder).ToDictionary(f => f, File.GetUnixFileMode);
        foreach (var (way, mode) in modes)
        {
            File.SetUnixFileMode(way, way == folder ? WriteOnly : mode | Enter);
        }

        try
        {
            Become(Nobody);
            work();
        }
        finally
        {
            Become(Root);
            foreach (var (way, mode) in modes)
            {
                File.SetUnixFileMode(way, mode);
            }
        }
    }

    /// <summary>The folder, and those above it that are a test's own.</summary>
    private static IEnumerable<string> WayTo(string folder)
    {
        string end = Path.TrimEndingDirectorySeparator(Path.GetTempPath());
        for (string? at = folder; at is not null && at.StartsWith(end, StringComparison.Ordinal) && at != end; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private static void Become(uint user)
    {
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
        {
            _ = SetFileSystemUser(user);
        }
    }

    /// <summary>setfsuid(2): the user by whose rights this thread, and no other, reaches files.</summary>
    [LibraryImport("libc", EntryPoint = "setfsuid")]
    private static partial int SetFileSystemUser(uint user);
}
