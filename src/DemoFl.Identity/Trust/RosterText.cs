namespace DemoFl.Identity;

/// <summary>The grammar of a roster file. Reports all wrong lines at once.</summary>
internal static class RosterText
{
    private const int MaxComplaints = 20;

    public static RosterEntry[] Parse(string text)
    {
        var entries = new List<RosterEntry>();
        var complaints = new List<string>();
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var keys = new Dictionary<string, int>(StringComparer.Ordinal);
        int number = 0;
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = WithoutComment(raw);
            if (line.IsEmpty)
            {
                continue;
            }

            string? complaint = ParseLine(line, out RosterEntry? entry) ?? Register(entry!, number, names, keys);
            if (complaint is null)
            {
                entries.Add(entry!);
            }
            else
            {
                complaints.Add($"Line {number}: {complaint}.");
            }

            if (complaints.Count == MaxComplaints || entries.Count > Roster.MaxEntries)
            {
                break;
            }
        }

        if (entries.Count > Roster.MaxEntries)
        {
            complaints.Add($"Line {number}: a roster has at most {Roster.MaxEntries} entries.");
        }

        return complaints.Count == 0 ? [.. entries] : throw new FormatException(string.Join(' ', complaints));
    }

    /// <summary>Why an entry cannot be in a roster, or null.</summary>
    public static string? Complaint(RosterEntry entry) =>
        !NodeName.IsValid(entry.Name) ? $"a name has {NodeName.Rule}"
        : !IdentityPublicKey.IsValid(entry.PublicKey.Span) ? "the key is not a P-256 public key in the accepted encoding"
        : null;

    private static ReadOnlySpan<char> WithoutComment(ReadOnlySpan<char> line)
    {
        int comment = line.IndexOf('#');
        return (comment < 0 ? line : line[..comment]).Trim();
    }

    private static string? ParseLine(ReadOnlySpan<char> line, out RosterEntry? entry)
    {
        entry = null;
        string[] words = line.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 3 || words[0] is not ("node" or "server"))
        {
            return "expected 'node NAME KEY' or 'server NAME KEY'";
        }

        byte[] key = new byte[IdentityPublicKey.Size];
        if (!Convert.TryFromBase64String(words[2], key, out int size) || size != key.Length)
        {
            return $"the key is not the Base64 of a {IdentityPublicKey.Size}-byte public key";
        }

        entry = new RosterEntry(words[1], key, words[0] == "server");
        return Complaint(entry);
    }

    private static string? Register(RosterEntry entry, int line, Dictionary<string, int> names, Dictionary<string, int> keys) =>
        !names.TryAdd(entry.Name, line) ? $"the name '{entry.Name}' is on line {names[entry.Name]} already"
        : !keys.TryAdd(Roster.KeyOf(entry), line) ? $"the key of '{entry.Name}' is on line {keys[Roster.KeyOf(entry)]} already"
        : null;
}
