using System.CommandLine;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace DemoFl.Cli.Commands;

/// <summary><c>demofl model info</c>: what a checkpoint holds.</summary>
internal static class ModelInfo
{
    public static Command Create()
    {
        var file = Checkpoint.Argument();
        var json = Facts.JsonOption();
        var command = new Command("info", """
            Show a checkpoint's tensors, parameters, metadata and SHA-256.

            Example:
              demofl model info runs/server/checkpoints/round-000010.safetensors
            """) { file, json };
        command.SetRefusingAction((parsed, _) =>
        {
            var checkpoint = Checkpoint.Load(parsed.GetRequiredValue(file));
            var facts = FactsOf(checkpoint);
            Facts.Write(parsed, json, facts, output => Write(output, checkpoint, facts));
        });
        return command;
    }

    private static JsonObject FactsOf(Checkpoint checkpoint)
    {
        using var content = File.OpenRead(checkpoint.Path);
        return new JsonObject
        {
            ["file"] = checkpoint.Path,
            ["bytes"] = content.Length,
            ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)),
            ["parameters"] = checkpoint.Layout.Length,
            ["notFinite"] = checkpoint.Values.Count(value => !float.IsFinite(value)),
            ["tensors"] = new JsonArray([.. checkpoint.Layout.Tensors.Select(tensor => (JsonNode)new JsonObject
            {
                ["name"] = tensor.Name, ["shape"] = Facts.ArrayOf(tensor.Dimensions), ["parameters"] = tensor.Length,
            })]),
            ["metadata"] = new JsonObject(checkpoint.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)entry.Value))),
        };
    }

    private static void Write(TextWriter output, Checkpoint checkpoint, JsonObject facts)
    {
        var tensors = new TextTable("tensor", "shape", "parameters");
        foreach (var tensor in checkpoint.Layout.Tensors)
            tensors.Add(tensor.Name, string.Join('x', tensor.Dimensions), $"{tensor.Length:N0}");
        tensors.Write(output);
        output.WriteLine();
        output.WriteLine($"parameters  {checkpoint.Layout.Length:N0} in {checkpoint.Layout.Tensors.Count} float32 tensors");
        output.WriteLine($"bytes       {facts["bytes"]!.GetValue<long>():N0}");
        if (facts["notFinite"]!.GetValue<int>() is > 0 and var bad)
            output.WriteLine($"not finite  {bad:N0} parameters are NaN or infinite: the model is unusable");
        output.WriteLine($"SHA-256     {facts["sha256"]}");
        foreach (var (key, value) in checkpoint.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            output.WriteLine($"metadata    {TextTable.Printable(key)} = {TextTable.Printable(value)}");
    }
}
