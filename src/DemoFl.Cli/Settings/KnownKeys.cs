namespace DemoFl.Cli.Settings;

/// <summary>The keys that a kind of file may have, and which one a person meant.</summary>
internal sealed class KnownKeys(IEnumerable<string> keys)
{
    /// <summary>As many letters wrong still make a key that is meant; two would turn lr into ring.</summary>
    private const int Typos = 1;

    private readonly string[] _keys = [.. keys];

    public bool Has(string key) => Array.IndexOf(_keys, key) >= 0;

    /// <summary>A complaint about a key that is none of them.</summary>
    public SettingError Unknown(SettingPlace place, string key) => new(place, $"unknown key '{key}'{Nearest(key)}");

    private string Nearest(string key)
    {
        string? near = Array.Find(_keys, k => (key.Length > 0 && k.StartsWith(key, StringComparison.OrdinalIgnoreCase))
            || key.StartsWith(k, StringComparison.OrdinalIgnoreCase) || Edits(k.Replace("-", "", StringComparison.Ordinal), Plain(key)) <= Typos);
        return near is null ? $"; known: {string.Join(", ", _keys)}." : $"; did you mean '{near}'?";
    }

    private static string Plain(string key) =>
        key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Letters to change, add or leave out to make one word of the other (Levenshtein's distance).</summary>
    private static int Edits(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= one.Length; i++)
        {
            int corner = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (one[i - 1] == other[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }
}
