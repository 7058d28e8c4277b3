using DemoFl.Benchmarks.Measuring;
using DemoFl.Benchmarks.Streams;

namespace DemoFl.Benchmarks;

/// <summary>Measures what DemoFl does beside a reference that does as much, in the same run.</summary>
internal static class Program
{
    /// <summary>Starts this program as the other end of a connection.</summary>
    public const string PeerArgument = "peer";

    private const int Kept = 0;
    private const int Missed = 1;
    private const int Misused = 2;

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is [PeerArgument])
        {
            await PeerHost.RunAsync();
            return Kept;
        }

        try
        {
            return await RunAsync(Options.Parse(arguments));
        }
        catch (ArgumentException exception)
        {
            await Console.Error.WriteLineAsync($"{exception.Message}\nUsage: {Options.Usage}");
            return Misused;
        }
    }

    private static async Task<int> RunAsync(Options options)
    {
        var effort = options.IsQuick ? Effort.Quick : Effort.Full;
        using var peer = await Peer.StartAsync();
        using var ours = new GrpcFlow(peer.Address);
        using var frames = new FrameFlow(peer.Address);
        using var bare = new BareFlow(peer.Address);
        var all = StreamComparisons.Create(ours, frames, bare, effort);
        var chosen = all.Where(comparison => options.Only is null || comparison.Name == options.Only).ToList();
        if (chosen.Count == 0) throw new ArgumentException($"--only knows {string.Join(", ", all.Select(comparison => comparison.Name))}.");

        List<Row> rows = [];
        foreach (var comparison in chosen)
            rows.AddRange(await comparison.MeasureAsync(effort, peer.CpuTimeAsync));

        var report = new Report(DateTime.UtcNow, Report.DescribeMachine(), options.IsQuick, effort.Repetitions, rows);
        Console.WriteLine(report.ToTable());
        if (options.JsonPath is { } path) await File.WriteAllTextAsync(path, report.ToJson() + "\n");
        return rows.Any(row => row.Ok == false) ? Missed : Kept;
    }
}
