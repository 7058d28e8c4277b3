namespace DemoFl.Channels.Tests;

/// <summary>Reads known-answer files: "name = hex" lines, blank lines between cases, '#' comments.</summary>
internal static class VectorFile
{
    public static IReadOnlyList<IReadOnlyDictionary<string, byte[]>> Read(string name)
    {
        var cases = new List<IReadOnlyDictionary<string, byte[]>>();
        var current = new Dictionary<string, byte[]>();
        foreach (string line in File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", name)).Append(""))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Length > 0)
            {
                string[] parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
                current.Add(parts[0], Convert.FromHexString(parts[1]));
            }
            else if (current.Count > 0)
            {
                cases.Add(current);
                current = [];
            }
        }

        return cases;
    }
}
