using System.Globalization;
using System.Text.Json.Nodes;
using DemoFl.Canary.Tests.Parties;
using DemoFl.Canary.Tests.Scanning;

namespace DemoFl.Canary.Tests;

/// <summary>
/// A server and three parties, each a process of its own, over plaintext connections that are recorded. The canary's party uploads at once; the
/// round stays open until the others are let, so that the server holds what it got for as long as a test looks.
/// </summary>
internal sealed class CanaryFederation : IAsyncDisposable
{
    /// <summary>d of the model: 784 inputs, 16 units, 10 classes.</summary>
    public const int Dimension = (784 * 16) + 16 + (16 * 10) + 10;

    /// <summary>The canary's vector, float32 or ring words of 32 bits.</summary>
    public const int VectorBytes = Dimension * 4;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("demofl-canary-");
    private readonly List<Recorder> _recorders = [];
    private readonly List<Started> _others = [];

    private CanaryFederation(string layout, int vectorMemory)
    {
        string[] settings =
        [
            $"layout={layout}", "data=generated:train=1,test=1", "model=mlp:16", "parties=3", "leaders=3", "k-min=3", "rounds=2", "max-samples=1000",
            "election-window=50ms", "evaluate=false", $"clip={Pattern.Clip.ToString("R", CultureInfo.InvariantCulture)}",
        ];
        Server = new Started(
            "demofl.dll",
            [
                "server", "--json", "--port", "0", "--folder", Folder, "--log", "Trace", "--vector-memory-mb", $"{vectorMemory}",
                .. settings.SelectMany(s => new[] { "--set", s }),
            ]);
    }

    public Started Server { get; }

    public Started Canary { get; private set; } = null!;

    /// <summary>The run folder.</summary>
    public string Folder => Path.Combine(_folder.FullName, "run");

    /// <summary>Processes that must not hold the pattern, by name.</summary>
    public IEnumerable<(string Name, Started Process)> Strangers => _others.Select((o, i) => ($"other-{i + 1}", o)).Prepend(("server", Server));

    /// <summary>What passes between the canary's party and the server.</summary>
    public Recorder Wire => _recorders[0];

    /// <summary>Starts everything and waits until the canary's update is made and sent.</summary>
    public static async Task<(CanaryFederation Federation, Pattern Pattern)> StartAsync(string layout, int vectorMemory)
    {
        var federation = new CanaryFederation(layout, vectorMemory);
        try
        {
            string listening = await federation.Server.LineAsync(l => l.Contains("\"listening\"", StringComparison.Ordinal));
            var address = new Uri(JsonNode.Parse(listening)!["address"]!.GetValue<string>());
            federation.Canary = federation.Join(address, PartyProcess.Canary, "canary");
            federation._others.AddRange([federation.Join(address, PartyProcess.Other, "other-1"), federation.Join(address, PartyProcess.Other, "other-2")]);
            var pattern = Pattern.Parse(await federation.Canary.LineAsync(l => l.Count(c => c == '|') == 2));
            await federation.Wire.SentAsync(VectorBytes).WaitAsync(Started.Patience);
            return (federation, pattern);
        }
        catch
        {
            await federation.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets the others train, and waits for the round's commit. The next round opens, and stays open.</summary>
    public async Task CommitAsync()
    {
        _others.ForEach(o => o.Say("train"));
        await Server.LineAsync(l => l.Contains("\"event\":\"round\"", StringComparison.Ordinal));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (Started?[])[.. _others, Canary, Server])
        {
            process?.Dispose();
        }

        foreach (var recorder in _recorders)
        {
            await recorder.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    public SortedSet<string> ScanWires(Needles needles) => new(_recorders.SelectMany(r => r.Scan(needles)), StringComparer.Ordinal);

    private Started Join(Uri server, string role, string name)
    {
        var recorder = new Recorder(server);
        _recorders.Add(recorder);
        return new Started("DemoFl.Canary.Tests.dll", role, recorder.Address.ToString(), name);
    }
}
