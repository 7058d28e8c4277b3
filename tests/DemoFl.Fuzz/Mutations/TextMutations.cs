using System.Text;

namespace DemoFl.Fuzz;

/// <summary>Changes to lines of text, with the words of its language.</summary>
internal static class TextMutations
{
    private const int DeepestBrackets = 3_000;

    private static readonly string[] OddTexts =
    [
        "", "0", "-0", "-1", "1e308", "1e999", "NaN", "Infinity", "-Infinity", "9223372036854775807", "18446744073709551616", "0.1", ".5", "1.", "0x10", "٣",
        "null", "~", "true", "''", "\"", "'", "\\", "\t", "\r", "\r\n", "\0", "\u001b[2J", "\u2028", "\uFEFF", "é", "😀", "\uFFFD", "%", "*", "&a",
        "*a", "!!str", "<<:", "---", "...", "#", ": ", "- ", "|", ">", "? ", "[", "]", "{", "}", ",", ";", "=",
    ];

    /// <summary>One change, or null where the input is no text.</summary>
    public static byte[] Apply(byte[] input, byte[] other, IReadOnlyList<string> words, Draw draw)
    {
        string text = Encoding.UTF8.GetString(input);
        var lines = text.Split('\n').ToList();
        int at = draw.Below(lines.Count);
        switch (draw.Below(9))
        {
            case 0:
                lines.RemoveAt(at);
                break;
            case 1:
                lines.InsertRange(at, Enumerable.Repeat(lines[at], 1 + draw.Below(draw.OneIn(8) ? 1_000 : 3)));
                break;
            case 2:
                lines.Insert(at, draw.Of(Encoding.UTF8.GetString(other).Split('\n')));
                break;
            case 3:
                lines[at] = Inserted(lines[at], Word(words, draw), draw);
                break;
            case 4:
                lines[at] = Number(lines[at], draw);
                break;
            case 5:
                lines[at] = Value(lines[at], Word(words, draw), draw);
                break;
            case 6:
                lines[at] = Inserted(lines[at], new string(draw.Of("[{(\"'-#:,a0 ".ToCharArray()), 1 + draw.Below(draw.OneIn(3) ? DeepestBrackets : 8)), draw);
                break;
            case 7:
                lines[at] = lines[at][..draw.Below(lines[at].Length + 1)];
                break;
            default:
                lines[at] = Inserted(lines[at], draw.Of(OddTexts), draw);
                break;
        }

        return Encoding.UTF8.GetBytes(string.Join('\n', lines));
    }

    private static string Word(IReadOnlyList<string> words, Draw draw) => words.Count > 0 && !draw.OneIn(4) ? draw.Of(words) : draw.Of(OddTexts);

    private static string Inserted(string line, string what, Draw draw) => line.Insert(draw.Below(line.Length + 1), what);

    /// <summary>Another value behind the first separator.</summary>
    private static string Value(string line, string value, Draw draw)
    {
        int separator = line.IndexOfAny([':', ',', ';', '=', ' ']);
        return separator < 0 ? value : draw.OneIn(8) ? value + line[separator..] : $"{line[..(separator + 1)]} {value}";
    }

    private static string Number(string line, Draw draw)
    {
        int from = line.AsSpan().IndexOfAnyInRange('0', '9');
        if (from < 0)
        {
            return Inserted(line, $"{draw.OddNumber()}", draw);
        }

        int length = line.AsSpan(from).IndexOfAnyExceptInRange('0', '9');
        string number = draw.OneIn(3) ? draw.Of(OddTexts) : $"{draw.OddNumber()}";
        return line[..from] + number + (length < 0 ? "" : line[(from + length)..]);
    }
}
