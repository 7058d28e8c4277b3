using DemoFl.Cli.Commands;
using DemoFl.Learning;

namespace DemoFl.Cli.Tests.Python;

/// <summary>What <c>model export</c> writes, others read: as the tensors that it was, by name, shape and value.</summary>
public sealed class ExportTests : IDisposable
{
    private const string Sums = "print(' '.join(f'{n}{list(a.shape)}:{float(a.sum()):.4f}' for n, a in sorted(tensors.items())))";

    private readonly TemporaryFolder _folder = new();

    [PythonFact("numpy")]
    public async Task Export_Npz_LoadsInNumPy()
    {
        string file = await ExportedAsync("model.npz");

        await AssertReadsAsync($"import numpy; tensors = dict(numpy.load('{file}', allow_pickle=False)); {Sums}");
    }

    /// <summary>By the format's description alone: eight bytes of length, a JSON header, the bytes.</summary>
    [PythonFact("torch")]
    public async Task Export_Safetensors_LoadsInPyTorch()
    {
        string file = await ExportedAsync("model.safetensors");

        await AssertReadsAsync($$"""
            import json, struct, torch
            data = open('{{file}}', 'rb').read()
            n, = struct.unpack('<Q', data[:8])
            header = {k: v for k, v in json.loads(data[8:8 + n]).items() if k != '__metadata__'}
            tensors = {k: torch.frombuffer(bytearray(data[8 + n:]), dtype=torch.float32)[v['data_offsets'][0] // 4:v['data_offsets'][1] // 4].reshape(v['shape'])
                       for k, v in header.items()}
            model = torch.nn.Sequential()
            model.add_module('fc1', torch.nn.Linear(16, 8)); model.add_module('relu', torch.nn.ReLU()); model.add_module('fc2', torch.nn.Linear(8, 3))
            model.load_state_dict(tensors)
            {{Sums}}
            """);
    }

    public void Dispose() => _folder.Dispose();

    private static DemoFl.Learning.Model Model => Models.Parse("mlp:8", new InputShape(1, 4, 4), 3);

    private async Task<string> ExportedAsync(string name)
    {
        Safetensors.Write(_folder["checkpoint.safetensors"], Model.Layout, Model.Initialise(5), new Dictionary<string, string> { ["run"] = "7" });
        await ModelExport.Create().RunAsync(_folder["checkpoint.safetensors"], "--out", _folder[name]);
        return _folder[name];
    }

    private static async Task AssertReadsAsync(string program)
    {
        var (exitCode, output) = await Interpreter.RunAsync("-c", program);
        Assert.True(exitCode == 0, output);
        float[] values = Model.Initialise(5);
        var expected = Model.Layout.Tensors.Select((t, i) => (t, Sum: values.AsSpan(Model.Layout.OffsetOf(i), t.Length).ToArray().Sum(v => (double)v)))
            .OrderBy(t => t.t.Name, StringComparer.Ordinal).ToArray();
        string[] names = [.. output.Trim().Replace(", ", ",", StringComparison.Ordinal).Split(' ')];
        Assert.Equal(expected.Select(t => t.t.ToString()), names.Select(n => n[..n.IndexOf(':', StringComparison.Ordinal)]));
        for (int i = 0; i < names.Length; i++)
        {
            double sum = double.Parse(names[i][(names[i].IndexOf(':', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(expected[i].Sum, sum, 2e-4);
        }
    }
}
