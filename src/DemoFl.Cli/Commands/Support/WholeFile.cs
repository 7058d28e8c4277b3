using DemoFl.Cli.Runs;

namespace DemoFl.Cli.Commands;

/// <summary>Files that a command makes: whole or not at all. One that is there is replaced once the new one is complete.</summary>
internal static class WholeFile
{
    /// <exception cref="CliException">Nothing can be written there; the message names <c>--out</c>.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (Directory.Exists(path)) throw new CliException($"--out {path} is a folder. Name a file in it.");
        if (RunPlace.Unwritable(Path.GetDirectoryName(Path.GetFullPath(path))!) is { } unwritable)
            throw new CliException($"--out {path} cannot be used: {unwritable}");

        var part = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            using (var file = new FileStream(part, FileMode.CreateNew, FileAccess.Write)) write(file);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
