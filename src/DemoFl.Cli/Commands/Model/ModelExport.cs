using System.CommandLine;
using System.Text.Json.Nodes;
using DemoFl.Learning;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl model export</c>: writes a checkpoint for other tools.</summary>
internal static class ModelExport
{
    private const string SafetensorsName = "safetensors", NpzName = "npz";

    public static Command Create()
    {
        var file = Checkpoint.Argument();
        var target = new Option<string>("--out")
        {
            Description = "The file to write; an older one is replaced.", HelpName = "FILE", Required = true,
        };
        var format = new Option<string?>("--format") { Description = "By default what the name of --out ends in." };
        format.AcceptOnlyFromAmong(SafetensorsName, NpzName);
        var metadata = new Option<string[]>("--metadata")
        {
            Description = "Metadata of the exported safetensors file; the checkpoint's own is left out.", HelpName = "KEY=VALUE",
            AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [],
        };
        var json = Facts.JsonOption();
        var command = new Command("export", """
            Export a checkpoint: safetensors, for PyTorch and the Hugging Face tools, without what the run noted in it; or npz, for NumPy.

            Examples:
              demofl model export round-000010.safetensors --out digits.safetensors --metadata model=mlp:128 license=MIT
              demofl model export round-000010.safetensors --out digits.npz
              python -c "from safetensors.torch import load_file; model.load_state_dict(load_file('digits.safetensors'))"
              python -c "import numpy; print(numpy.load('digits.npz')['fc1.weight'].shape)"
            """) { file, target, format, metadata, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var (source, path) = (parsed.GetRequiredValue(file), parsed.GetRequiredValue(target));
            if (Path.GetFullPath(source) == Path.GetFullPath(path))
                throw new CliException($"--out '{path}' is the checkpoint itself, whose metadata would be lost. Name another file.");
            var kind = parsed.GetValue(format) ?? FormatOf(path);
            var pairs = Pairs(parsed.GetRequiredValue(metadata), kind);
            var checkpoint = Checkpoint.Load(source);
            WholeFile.Write(path, stream =>
            {
                if (kind == NpzName) Npz.Write(stream, checkpoint.Layout, checkpoint.Values);
                else Safetensors.Write(stream, checkpoint.Layout, checkpoint.Values, pairs);
            });

            var (bytes, parameters) = (new FileInfo(path).Length, checkpoint.Layout.Length);
            var facts = new JsonObject { ["file"] = path, ["format"] = kind, ["bytes"] = bytes, ["parameters"] = parameters };
            Facts.Write(parsed, json, facts, output => output.WriteLine(
                $"{path}: {parameters:N0} parameters as {kind}, {bytes:N0} bytes."));
        });
        return command;
    }

    private static string FormatOf(string path) => Path.GetExtension(path) switch
    {
        ".safetensors" => SafetensorsName,
        ".npz" => NpzName,
        _ => throw new CliException($"The name '{path}' does not say the format. End it in .safetensors or .npz, or give --format."),
    };

    private static Dictionary<string, string> Pairs(string[] texts, string format)
    {
        if (texts.Length > 0 && format != SafetensorsName)
            throw new CliException($"--metadata has no place in {format}. Leave it out, or export to safetensors.");
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } key, var value])
                throw new CliException($"--metadata '{text}' is not of the form KEY=VALUE.");
            if (!pairs.TryAdd(key, value)) throw new CliException($"--metadata gives '{key}' twice. Leave one out.");
        }

        return pairs;
    }
}
