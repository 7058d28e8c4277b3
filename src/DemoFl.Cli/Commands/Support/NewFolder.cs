using DemoFl.Cli.Runs;

namespace DemoFl.Cli.Commands;

/// <summary>Folders that a command makes: whole or not at all, and never over what somebody has there.</summary>
internal static class NewFolder
{
    /// <exception cref="CliException">There is something at the path already.</exception>
    public static void RequireFree(string path)
    {
        if (File.Exists(path)) throw new CliException($"'{path}' is a file. Name a folder by --out.");
        if (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any())
            throw new CliException(
                $"The folder '{path}' is not empty, and nothing in it is overwritten. Name a new one by --out, or empty it.");
    }

    /// <summary>Fills a folder beside the path and renames it when it is complete.</summary>
    /// <exception cref="CliException">There is something at the path already.</exception>
    public static void Fill(string path, Action<string> fill)
    {
        RequireFree(path);
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        var part = $"{target}.{Path.GetRandomFileName()}";
        if (RunPlace.Unwritable(part) is { } unwritable) throw new CliException($"--out {path} cannot be used: {unwritable}");
        Directory.CreateDirectory(part);
        try
        {
            fill(part);
            if (Directory.Exists(target)) MoveInto(target, part);
            else Directory.Move(part, target);
        }
        catch
        {
            Directory.Delete(part, recursive: true);
            throw;
        }
    }

    // An empty folder stays the one that it is: somebody may be in it, or it may be a mount.
    private static void MoveInto(string target, string part)
    {
        foreach (var entry in Directory.GetFileSystemEntries(part)) Directory.Move(entry, Path.Combine(target, Path.GetFileName(entry)));
        Directory.Delete(part);
    }
}
