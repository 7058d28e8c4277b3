using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary>Checks and small files that the key commands share.</summary>
internal static class KeyFiles
{
    /// <summary>Refuses when one of the files is there: what they hold cannot be made again.</summary>
    /// <exception cref="CliException">Names the file, and what to do.</exception>
    public static void RequireAbsent(string advice, params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            if (Path.Exists(path)) throw new CliException($"'{path}' exists already and is not overwritten. {advice}");
        }
    }

    /// <exception cref="CliException">The name breaks the rule of names.</exception>
    public static string RequireName(string name) =>
        NodeName.IsValid(name) ? name : throw new CliException($"--name '{TextTable.Printable(name)}' is not valid; use {NodeName.Rule}.");

    /// <summary>Saves the line that a roster has for this key.</summary>
    public static void SavePublic(string path, RosterEntry entry) => Roster.Empty.With(entry).Save(path);
}
