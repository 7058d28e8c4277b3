using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace DemoFl.Figures;

/// <summary>Where experiments find what they need and keep what they make.</summary>
/// <param name="Figures">The folder of figures and their data.</param>
/// <param name="Runs">The folder of unfinished and finished runs.</param>
/// <param name="Program">The <c>demofl</c> program, Release build.</param>
/// <param name="DataSets">The folder of the public data sets, or null when there is none.</param>
/// <param name="Output">Where progress is told.</param>
internal sealed partial record Workshop(string Figures, string Runs, string Program, string? DataSets, TextWriter Output)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>What an experiment has measured so far, or null.</summary>
    public T? Load<T>(string name)
        where T : class
    {
        string path = PathOf(name, "json");
        return File.Exists(path) ? JsonSerializer.Deserialize<T>(File.ReadAllText(path), Json) : null;
    }

    /// <summary>Replaces an experiment's file in one step, so that an interruption leaves the old one or the new one.</summary>
    public void Save<T>(string name, T measured) => Replace(PathOf(name, "json"), NumberRows().Replace(JsonSerializer.Serialize(measured, Json), OneLine) + "\n");

    /// <summary>Writes a figure.</summary>
    public void SaveFigure(string name, string svg) => Replace(PathOf(name, "svg"), svg);

    /// <summary>Where a figure or an experiment's file lies.</summary>
    public string PathOf(string name, string extension) => Path.Combine(Figures, $"{name}.{extension}");

    /// <summary>The folder of a data set.</summary>
    /// <exception cref="FigureException">There is none.</exception>
    public string DataSet(string name) => DataSets is { } sets && Directory.Exists(Path.Combine(sets, name))
        ? Path.Combine(sets, name)
        : throw new FigureException(
            $"This experiment needs the data set '{name}'. Name the folder that has it: DEMOFL_DATA=FOLDER scripts/figures, with FOLDER/{name} inside.");

    /// <summary>One line of progress, with the time.</summary>
    public void Tell(string line) => Output.WriteLine($"{DateTime.Now:HH:mm:ss}  {line}");

    private static void Replace(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string OneLine(Match row) => $"[{Spaces().Replace(row.Groups[1].Value.Trim(), " ")}]";

    [GeneratedRegex(@"\[([-+\d.eE,\s]+|[-+\d.eE,\snul]+)\]")]
    private static partial Regex NumberRows();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
