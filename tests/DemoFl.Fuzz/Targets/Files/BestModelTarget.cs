using DemoFl.Learning;
using DemoFl.Relay.Storage;

namespace DemoFl.Fuzz;

/// <summary>The best model of a run, as a server that goes on with it reads it.</summary>
internal sealed class BestModelTarget() : FileTarget("best-model", InputForm.Bytes)
{
    public override IEnumerable<byte[]> Seeds()
    {
        var layout = new ParameterLayout([new TensorShape("w", [2])]);
        foreach (string run in new[] { $"{Samples.Run}", "another" })
        {
            string path = PathOf("seed");
            var metadata = new Dictionary<string, string> { ["run"] = run, ["round"] = "7", ["model"] = "softmax", ["accuracy"] = "0.75", ["loss"] = "0.5" };
            CheckpointFile.Write(path, layout, () => [1, 2], metadata);
            yield return File.ReadAllBytes(path);
        }
    }

    public override string Read(byte[] input)
    {
        Write("best.safetensors", input);
        var best = BestModel.Open(Folder, Samples.Run);
        return best.Round is null ? "another run's" : "this run's";
    }

    public override bool IsRefusal(Exception e) => e is InvalidDataException;
}
