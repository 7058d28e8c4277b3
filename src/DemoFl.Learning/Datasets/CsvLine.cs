using System.Text;

namespace DemoFl.Learning;

/// <summary>Splits one line of a CSV file into fields (RFC 4180, without line breaks in quoted fields).</summary>
internal static class CsvLine
{
    /// <summary>The separator that the line uses: the first of comma, semicolon and tab that occurs in it.</summary>
    public static char SeparatorOf(string line) => line.Contains(',') ? ',' : line.Contains(';') ? ';' : line.Contains('\t') ? '\t' : ',';

    /// <summary>The fields, trimmed, without their quotes; null when a quote is not closed.</summary>
    public static List<string>? Split(string line, char separator)
    {
        var fields = new List<string>();
        var field = new StringBuilder();
        var quoted = false;
        for (var i = 0; i < line.Length; i++)
        {
            var character = line[i];
            if (quoted && character == '"' && i + 1 < line.Length && line[i + 1] == '"') field.Append(line[i++]);
            else if (character == '"') quoted = !quoted;
            else if (character == separator && !quoted)
            {
                fields.Add(field.ToString().Trim());
                field.Clear();
            }
            else field.Append(character);
        }

        fields.Add(field.ToString().Trim());
        return quoted ? null : fields;
    }
}
