using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Cli.Output;
using DemoFl.Node.Owner;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl node log</c>: the owner's record of what left a node, for a person or a program.</summary>
internal static class NodeLogCommand
{
    private static readonly Option<string?> Name = new("--name") { Description = "The node's name; needed where there are several." };
    private static readonly Option<DirectoryInfo> Keys = new("--keys") { Description = "Folder of NAME.key files.", DefaultValueFactory = _ => new DirectoryInfo("keys") };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the lines as they are in the record, JSON, with the counts of all messages." };
    private static readonly Option<bool> Verify = new("--verify") { Description = "Only say whether the record is as it was written." };
    private static readonly Option<(long First, long Last)?> Rounds = new("--rounds")
    {
        Description = "Only these rounds, A..B; either end may be left out.",
        CustomParser = result => Range(result.Tokens[0].Value) is { } range ? range : Wrong(result),
    };

    public static Command Create()
    {
        var command = new Command("log", """
            Show what left a node: joins, keys, announcements, vectors, sums of masks, and what it declined. A node keeps this record
            beside its keys, in node-log/NAME, unless it is started with --no-log; what an update or a key was is never in it.

            Examples:
              demofl node log
              demofl node log --name alice --rounds 10..20
              demofl node log --name alice --verify
              demofl node log --name alice --json
            """) { Name, Keys, Rounds, Json, Verify };
        command.SetAction(parsed =>
        {
            string folder = FolderOf(parsed);
            var content = RecordReader.Read(folder);
            foreach (string problem in content.Problems)
            {
                Console.Error.WriteLine(TextTable.Printable($"Not as it was written: {problem}."));
            }

            if (parsed.GetValue(Verify))
            {
                WriteVerdict(parsed, folder, content);
            }
            else
            {
                WriteLines(parsed, content);
            }

            return content.Problems.Count == 0 ? ExitCode.Success : ExitCode.Failed;
        });
        return command;
    }

    private static void WriteVerdict(ParseResult parsed, string folder, RecordContent content)
    {
        var last = content.Lines.Count == 0 ? null : content.Lines[^1];
        var facts = new JsonObject
        {
            ["folder"] = folder, ["whole"] = content.Problems.Count == 0, ["lines"] = content.Lines.Count, ["tornBytes"] = content.TornBytes,
            ["last"] = last?.Number, ["sha256"] = last?.Hash.ToString(), ["problems"] = Facts.ArrayOf(content.Problems),
        };
        Facts.Write(parsed, Json, facts, output =>
        {
            if (content.Problems.Count == 0 && last is not null)
            {
                output.WriteLine(TextTable.Printable($"{folder}: {content.Lines.Count} lines, each as it was written."));
                output.WriteLine($"Line {last.Number}, the last, has the SHA-256 {last.Hash}. Keep it elsewhere to see later whether lines were cut off behind it.");
            }
        });
    }

    private static void WriteLines(ParseResult parsed, RecordContent content)
    {
        var output = parsed.InvocationConfiguration.Output;
        var lines = parsed.GetValue(Rounds) is { } range
            ? [.. content.Lines.Where(l => l.Fields.ContainsKey("round") && l.Count("round") >= range.First && l.Count("round") <= range.Last)]
            : content.Lines;
        if (parsed.GetValue(Json))
        {
            foreach (var line in lines)
            {
                output.WriteLine(line.Fields.ToJsonString());
            }

            return;
        }

        foreach (var line in lines.Where(l => l.Event != "sent"))
        {
            string at = line.At.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
            output.WriteLine(TextTable.Printable($"{at}  {line.Event,-12}  {RecordText.Of(line)}"));
        }

        output.WriteLine();
        foreach (string total in RecordTotals.Of(lines))
        {
            output.WriteLine(total);
        }
    }

    /// <summary>The folder of the node that is meant.</summary>
    /// <exception cref="CliException">There is none, or more than one.</exception>
    private static string FolderOf(ParseResult parsed)
    {
        string keys = parsed.GetValue(Keys)!.ToString();
        string root = Path.Combine(keys, OwnerFolder.Root);
        string[] names = Directory.Exists(root) ? [.. Directory.GetDirectories(root).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal)] : [];
        if (parsed.GetValue(Name) is { } name)
        {
            return names.Contains(name)
                ? OwnerFolder.PathOf(keys, name)
                : throw new CliException(TextTable.Printable($"There is no record of a node '{name}' in {root}. Name its folder of keys by --keys; a node with --no-log keeps none."));
        }

        return names switch
        {
            [var only] => OwnerFolder.PathOf(keys, only),
            [] => throw new CliException($"There are no records in {root}. Name a node's folder of keys by --keys; a node with --no-log keeps none."),
            _ => throw new CliException(TextTable.Printable($"There are records of several nodes in {root}. Name one by --name: {string.Join(", ", names)}.")),
        };
    }

    private static (long First, long Last)? Range(string text)
    {
        string[] ends = text.Split("..");
        var (first, last) = ends is [var a, var b] ? (End(a, 0), End(b, long.MaxValue)) : (End(text, -1), End(text, -1));
        return first >= 0 && last >= first ? (first, last) : null;
    }

    private static long End(string text, long open) => text.Length == 0 ? open
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : -1;

    private static (long First, long Last)? Wrong(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--rounds {result.Tokens[0].Value} is not a range such as 10..20, 10.. or ..20.");
        return null;
    }
}
