namespace DemoFl.Protocol.Tests.Statements;

/// <summary>Reads known answers: "name = hex" lines and '#' comments.</summary>
internal static class VectorFile
{
    public static IReadOnlyDictionary<string, string> Read(string name) => File
        .ReadLines(Path.Combine(AppContext.BaseDirectory, "Vectors", name))
        .Where(line => !line.StartsWith('#') && line.Length > 0)
        .Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries))
        .ToDictionary(parts => parts[0], parts => parts[1]);
}
