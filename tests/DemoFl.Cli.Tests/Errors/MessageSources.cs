using System.Text.RegularExpressions;

namespace DemoFl.Cli.Tests.Errors;

/// <summary>The messages that the sources can say, read from the sources: what stands in the calls that refuse.</summary>
internal static partial class MessageSources
{
    private static readonly string[] Projects = ["DemoFl.Cli", "DemoFl.Learning", "DemoFl.Identity", "DemoFl.Node"];

    /// <summary>Each message with where it stands, its placeholders replaced by NUL.</summary>
    public static IEnumerable<(string Place, string Message)> All() =>
        from project in Projects
        from file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", project), "*.cs", SearchOption.AllDirectories)
        where Path.GetRelativePath(Path.Combine(Repository.Root, "src", project), file).Split(Path.DirectorySeparatorChar)[0] is not ("bin" or "obj")
        let text = File.ReadAllText(file)
        from Match call in Refusal().Matches(text)
        let message = Literals(text, call.Index + call.Length)
        where message.Count(char.IsLetter) > 3
        select ($"{Path.GetFileName(file)}:{text.AsSpan(0, call.Index).Count('\n') + 1}", message);

    /// <summary>Everything in quotes up to the call's closing bracket, put together.</summary>
    private static string Literals(string text, int at)
    {
        var message = new System.Text.StringBuilder();
        for (int depth = 1; depth > 0; at++)
        {
            depth += text[at] == '(' ? 1 : text[at] == ')' ? -1 : 0;
            if (text[at] == '"')
            {
                at = Literal(text, at + 1, text[at - 1] == '$', message);
            }
        }

        return message.ToString();
    }

    /// <summary>Reads to the closing quote; an interpolation may have quotes of its own.</summary>
    private static int Literal(string text, int at, bool interpolated, System.Text.StringBuilder message)
    {
        int braces = 0;
        for (; braces > 0 || text[at] != '"'; at++)
        {
            if (interpolated && text[at] is '{' or '}')
            {
                braces += text[at] == '{' ? 1 : -1;
                message.Append(braces == 0 ? "\0" : "");
            }
            else if (braces == 0)
            {
                at += text[at] == '\\' ? 1 : 0;
                message.Append(text[at]);
            }
        }

        return at;
    }

    [GeneratedRegex(@"\b(new (CliException|SettingError|IdentityFileException|InvalidDataException|FileNotFoundException|FormatException|NodeRefusedException|RecordException)|AddWrong|AddError|_problems\.Add|errors\.Add|Malformed|Unknown)\(", RegexOptions.ExplicitCapture)]
    private static partial Regex Refusal();
}
