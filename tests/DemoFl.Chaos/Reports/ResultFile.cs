using System.Text.Encodings.Web;
using System.Text.Json;

namespace DemoFl.Chaos.Reports;

/// <summary>Results as a JSON file: an array of rows.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(string path, IReadOnlyList<ResultRow> rows) => File.WriteAllText(path, JsonSerializer.Serialize(rows, Options) + "\n");

    public static IReadOnlyList<ResultRow> Read(string path) => JsonSerializer.Deserialize<List<ResultRow>>(File.ReadAllText(path)) ?? [];
}
