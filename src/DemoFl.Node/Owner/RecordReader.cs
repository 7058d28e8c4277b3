using DemoFl.Protocol;

namespace DemoFl.Node.Owner;

/// <summary>
/// Reads a record, also while a node writes it, and checks its chain: every line as it was written, in its order, none missing between the first
/// and the last. Lines cut off at the end leave no trace; keep the last line's hash elsewhere to see them.
/// </summary>
public static class RecordReader
{
    /// <summary>The whole record; lines that are damaged are left out and named.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RecordContent Read(string folder)
    {
        var lines = new List<RecordLine>();
        var problems = new List<string>();
        int torn = 0;
        foreach (string file in Directory.Exists(folder) ? RecordFiles.In(folder) : [])
        {
            // Only the newest file is ever written to, and so may end in half a line.
            if (torn > 0)
            {
                problems.Add($"{file}: the file before this one ends in {torn} bytes that are no line");
            }

            torn = ReadFile(file, lines, problems);
        }

        return new RecordContent(lines, problems, torn);
    }

    /// <summary>The bytes after the last line break: a line that is being written, or was when the process died.</summary>
    private static int ReadFile(string path, List<RecordLine> lines, List<string> problems)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var buffer = new MemoryStream();
        file.CopyTo(buffer);
        var rest = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
        for (int row = 1; rest.IndexOf((byte)'\n') is >= 0 and var end; row++)
        {
            Take(RecordLine.Parse(rest[..end]), $"{path}:{row}", lines, problems);
            rest = rest[(end + 1)..];
        }

        return rest.Length;
    }

    private static void Take(RecordLine? line, string place, List<RecordLine> lines, List<string> problems)
    {
        if (line is null)
        {
            problems.Add($"{place}: this is no line of a record");
            return;
        }

        var (number, hash) = lines.Count == 0 ? (0L, default(Hash256)) : (lines[^1].Number, lines[^1].Hash);
        if (line.Number != number + 1)
        {
            problems.Add($"{place}: this is line {line.Number} and follows line {number}");
        }
        else if (line.Previous != hash)
        {
            problems.Add(number == 0 ? $"{place}: there was a line before the first one" : $"{place}: line {number}, before it, is not as it was written");
        }

        lines.Add(line);
    }
}
