using System.Globalization;

namespace DemoFl.Mutation;

/// <summary>
/// Reads a mutant: a sentence, <c>promise:</c> and <c>first seed:</c>, then changes as in a diff. A <c>file:</c> line names the file that the changes
/// behind it are made to; each change is a run of lines that begin with <c>-</c> (taken out), <c>+</c> (put in) or a space (only to find the place).
/// </summary>
internal static class MutantFile
{
    private const string PromiseKey = "promise:";
    private const string SeedKey = "first seed:";
    private const string FileKey = "file:";

    /// <exception cref="MutantException">Not such a file.</exception>
    public static Mutant Parse(string name, string text)
    {
        string[] lines = text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
        var edits = new List<Edit>();
        var run = new List<string>();
        string promise = "", file = "";
        ulong seed = 0;
        foreach (string line in lines.Skip(1).Append(""))
        {
            if (line.Length > 0 && line[0] is '-' or '+' or ' ')
            {
                run.Add(line);
                continue;
            }

            AddEdit(name, file, run, edits);
            if (line.StartsWith(PromiseKey, StringComparison.Ordinal))
            {
                promise = line[PromiseKey.Length..].Trim();
            }
            else if (line.StartsWith(SeedKey, StringComparison.Ordinal))
            {
                seed = ulong.Parse(line[SeedKey.Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            }
            else if (line.StartsWith(FileKey, StringComparison.Ordinal))
            {
                file = line[FileKey.Length..].Trim();
            }
            else if (line.Length > 0)
            {
                throw new MutantException($"{name}: '{line}' is no line of a mutant. Begin it with {PromiseKey}, {SeedKey}, {FileKey}, -, + or a space.");
            }
        }

        return promise.Length > 0 && edits.Count > 0
            ? new Mutant(name, lines[0], promise, seed, edits)
            : throw new MutantException($"{name}: a mutant names a promise and changes something.");
    }

    private static void AddEdit(string name, string file, List<string> run, List<Edit> edits)
    {
        if (run.Count == 0)
        {
            return;
        }

        var edit = new Edit(file, [.. run.Where(l => l[0] != '+').Select(l => l[1..])], [.. run.Where(l => l[0] != '-').Select(l => l[1..])]);
        if (file.Length == 0 || edit.Find.Count == 0 || edit.Find.SequenceEqual(edit.Replacement))
        {
            throw new MutantException($"{name}: a change stands behind the {FileKey} that it is made to, finds a line, and makes a difference.");
        }

        edits.Add(edit);
        run.Clear();
    }
}
