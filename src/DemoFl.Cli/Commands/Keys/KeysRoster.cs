using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl keys roster</c>: makes a roster, or adds lines to one.</summary>
internal static class KeysRoster
{
    private const string Title = "# Who belongs to this federation: 'node NAME KEY' or 'server NAME KEY', one a line.\n";

    public static Command Create()
    {
        var published = new Argument<string[]>("PUBFILE")
        {
            Description = "Files with roster lines, as `demofl keys node` and `keys server` write them.", Arity = ArgumentArity.ZeroOrMore,
        };
        var file = new Option<string>("--out")
        {
            Description = "The roster; made if there is none, else extended.", HelpName = "FILE", Required = true,
        };
        var json = Facts.JsonOption();
        var command = new Command("roster", """
            Make or extend a roster, the file of all keys that belong. Comments in it are kept; no name and no key enters twice.
            Every owner should compare the ids with the other owners before relying on it.

            Example:
              demofl keys roster --out roster.txt alice.pub bob.pub server.pub
            """) { published, file, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            var roster = Extend(path, parsed.GetRequiredValue(published));
            var facts = new JsonObject { ["path"] = path, ["entries"] = RosterFacts.Json(roster) };
            Facts.Write(parsed, json, facts, output =>
            {
                output.WriteLine($"{path}: {roster.Entries.Count} entries.");
                if (roster.Entries.Count > 0) RosterFacts.Table(roster).Write(output);
            });
        });
        return command;
    }

    private static Roster Extend(string path, string[] published)
    {
        var exists = File.Exists(path);
        var roster = exists ? Roster.Load(path) : Roster.Empty;
        var text = new StringBuilder(exists ? File.ReadAllText(path) : Title);
        if (text is { Length: > 0 } && text[^1] != '\n') text.Append('\n');
        foreach (var source in published)
        {
            var entries = Roster.Load(source).Entries;
            if (entries.Count == 0)
                throw new CliException($"'{source}' has no roster line. Give a .pub file, as `demofl keys node` writes it.");
            foreach (var entry in entries)
            {
                roster = Add(roster, entry, source, path);
                text.Append(entry).Append('\n');
            }
        }

        if (published.Length > 0 || !exists) Replace(path, text.ToString());
        return roster;
    }

    private static Roster Add(Roster roster, RosterEntry entry, string source, string path)
    {
        try
        {
            return roster.With(entry);
        }
        catch (ArgumentException e)
        {
            var why = e.Message.Replace($" (Parameter '{e.ParamName}')", "", StringComparison.Ordinal);
            throw new CliException(
                $"'{source}' cannot go into '{path}'. {why} Leave the file out, or remove the old line first. The roster is unchanged.",
                ExitCode.Usage, e);
        }
    }

    private static void Replace(string path, string text)
    {
        var part = $"{path}.{Path.GetRandomFileName()}";
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        try
        {
            File.WriteAllText(part, text);
            File.Move(part, path, overwrite: true);
        }
        finally
        {
            File.Delete(part);
        }
    }
}
