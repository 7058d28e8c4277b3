using DemoFl.Learning;

namespace DemoFl.Node.Owner;

/// <summary>
/// The folder of one node name in which its owner's record and count of rounds lie, held by one process at a time. Files in it are for the
/// owner alone (mode 0600).
/// </summary>
public sealed class OwnerFolder : IDisposable
{
    /// <summary>The folder of all names, beside the keys.</summary>
    public const string Root = "node-log";

    /// <summary>Of files for the owner alone.</summary>
    internal const UnixFileMode PrivateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string LockName = "lock";

    // errno of Linux and macOS, and what Windows says of the same; .NET puts either into HResult.
    private static readonly int[] InUse = [11, 35, unchecked((int)0x8007_0020)];

    private readonly FileStream _lock;

    private OwnerFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>Where the folder of a name is, whether or not there is one.</summary>
    public static string PathOf(string keys, string name) => System.IO.Path.Combine(keys, Root, name);

    /// <summary>Makes the folder where there is none, and takes it for this process until disposed.</summary>
    /// <param name="keys">The folder of the keys.</param>
    /// <param name="name">The node's name.</param>
    /// <exception cref="RecordException">Another process has it, or nothing can be written there.</exception>
    public static OwnerFolder Take(string keys, string name)
    {
        string path = PathOf(keys, name);
        try
        {
            bool made = !Directory.Exists(path);
            Directory.CreateDirectory(path);
            if (made)
            {
                DurableFile.SyncDirectory(System.IO.Path.Combine(keys, Root));
                DurableFile.SyncDirectory(keys);
            }

            return new OwnerFolder(path, new FileStream(System.IO.Path.Combine(path, LockName), Private(FileMode.OpenOrCreate, FileShare.None)));
        }
        catch (IOException e) when (Array.IndexOf(InUse, e.HResult) >= 0)
        {
            throw new RecordException($"{path} is in use: a node of that name is running. Stop it, or take another --name or --keys.", e);
        }
        catch (Exception e) when (RecordException.IsDenial(e))
        {
            throw RecordException.Of(path, e);
        }
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>To write a file that only its owner may read; one write is one call of the system.</summary>
    internal static FileStreamOptions Private(FileMode mode, FileShare share)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = PrivateMode;
        }

        return options;
    }
}
