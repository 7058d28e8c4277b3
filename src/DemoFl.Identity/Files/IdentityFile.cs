using System.Security.Cryptography;

namespace DemoFl.Identity;

/// <summary>Reading and writing small files: bounded reads, atomic writes, owner-only modes.</summary>
internal static class IdentityFile
{
    public const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    public const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    private const UnixFileMode OthersAccess =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    /// <summary>Reads a whole file of at most <paramref name="maxSize"/> bytes.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxSize">The size limit, in bytes.</param>
    /// <param name="secret">Refuse the file when its group or everybody may read or write it (Unix).</param>
    public static byte[] Read(string path, int maxSize, bool secret = false)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            if (secret && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(stream.SafeFileHandle) & OthersAccess) != 0)
            {
                throw new IdentityFileException(path, $"holds a private key that other users can read or change. Run: chmod 600 '{path}'");
            }

            if (stream.Length > maxSize)
            {
                throw new IdentityFileException(path, $"has {stream.Length} bytes; at most {maxSize} are expected. Is it the right file?");
            }

            byte[] content = new byte[stream.Length];
            stream.ReadExactly(content);
            return content;
        }
        catch (Exception cause) when (cause is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IdentityFileException(path, "does not exist. Check the path.", cause);
        }
        catch (Exception cause) when (IsDenial(cause))
        {
            throw new IdentityFileException(path, $"cannot be read: {cause.Message}", cause);
        }
    }

    /// <summary>
    /// Writes a file so that a reader, or a restart after a crash, sees the whole new content or what was there before.
    /// Missing folders are created.
    /// </summary>
    /// <returns>False, with nothing changed, when the file exists and <paramref name="overwrite"/> is false.</returns>
    public static bool Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, bool overwrite)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string temporary = Path.Combine(folder, $".{Path.GetFileName(path)}.{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        try
        {
            Directory.CreateDirectory(folder);
            WriteThrough(temporary, content, mode);
            if (!overwrite && File.Exists(path))
            {
                return false;
            }

            File.Move(temporary, path, overwrite);
            return true;
        }
        catch (IOException) when (!overwrite && File.Exists(path))
        {
            return false;
        }
        catch (Exception cause) when (IsDenial(cause))
        {
            throw new IdentityFileException(path, $"cannot be written: {cause.Message}", cause);
        }
        finally
        {
            DeleteIfLeft(temporary);
        }
    }

    private static void WriteThrough(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using var stream = new FileStream(path, options);
        stream.Write(content);
        stream.Flush(flushToDisk: true);
    }

    private static void DeleteIfLeft(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception cause) when (IsDenial(cause))
        {
            // The write has succeeded or failed already; that outcome is what the caller must hear of.
        }
    }

    private static bool IsDenial(Exception cause) => cause is IOException and not IdentityFileException or UnauthorizedAccessException;
}
