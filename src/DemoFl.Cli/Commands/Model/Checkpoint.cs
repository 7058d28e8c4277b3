using System.CommandLine;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary>A safetensors file in memory.</summary>
internal sealed record Checkpoint(string Path, ParameterLayout Layout, float[] Values, IReadOnlyDictionary<string, string> Metadata)
{
    /// <summary>The metadata's name for the specification of the model, which the server writes.</summary>
    public const string ModelKey = "model";

    public static Argument<string> Argument() => new("FILE")
    {
        Description = "A checkpoint, such as RUN/checkpoints/round-000010.safetensors.",
    };

    /// <exception cref="CliException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a whole float32 safetensors file.</exception>
    public static Checkpoint Load(string path)
    {
        if (!File.Exists(path))
            throw new CliException($"'{path}' does not exist. Give a checkpoint; a run keeps its own in the folder checkpoints.");
        var (layout, values, metadata) = Safetensors.Read(path);
        return new Checkpoint(path, layout, values, metadata);
    }
}
