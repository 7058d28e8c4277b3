using System.Globalization;
using DemoFl.Figures.Drawing;

namespace DemoFl.Figures.Messages;

/// <summary>DemoFL, figure 9, and SOFL, figure 7: messages against the rate at which nodes crash, for different numbers of clients and of leaders.</summary>
internal sealed class CrashExperiment : IExperiment
{
    private const int FewestLeaders = 3;
    private const int NodesOverLeaders = 30;
    private static readonly double[] Rates = [0, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1];
    private static readonly ulong[] Seeds = [1, 2, 3, 4, 5];
    private static readonly int[] Nodes = [10, 30, 50];
    private static readonly int[] Leaders = [3, 5, 7];

    public string Name => "crashes";

    public string Summary => "logical messages a round against the crash rate, clients and leaders (DemoFL fig. 9, SOFL fig. 7)";

    public IReadOnlyList<string> Missing(Workshop workshop) => workshop.Load<CrashCount[]>(Name) is null ? ["everything"] : [];

    public Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var counts = new List<CrashCount>();
        foreach (var (nodes, leaders, rate, seed) in Plan())
        {
            cancellation.ThrowIfCancellationRequested();
            counts.Add(CrashCount.Run(rate, nodes, leaders, seed));
        }

        workshop.Save(Name, counts.ToArray());
        workshop.Tell($"{Name}: {counts.Count} runs counted");
        return Task.CompletedTask;
    }

    public IEnumerable<(string Name, string Svg)> Draw(Workshop workshop)
    {
        if (workshop.Load<CrashCount[]>(Name) is not { } counts)
        {
            return [];
        }

        string subtitle = $"logical messages without heartbeats for each of {CrashCount.Rounds} committed rounds; mean, least and most of {Seeds.Length} runs";
        var (rates, messages) = (new Axis("nodes that crash in a round, %", From: 0, To: 100 * Rates[^1]), new Axis("messages a committed round", From: 0));
        return
        [
            ("crashes-clients", new LineChart(
                $"Messages against crashes, {FewestLeaders} leaders", subtitle, rates, messages,
                [.. Nodes.Select((n, i) => LineOf($"{n} clients", i, counts.Where(c => c.Nodes == n && c.Leaders == FewestLeaders)))]).Draw()),
            ("crashes-leaders", new LineChart(
                $"Messages against crashes, {NodesOverLeaders} clients", subtitle, rates, messages,
                [.. Leaders.Select((l, i) => LineOf($"{l} leaders", i, counts.Where(c => c.Nodes == NodesOverLeaders && c.Leaders == l)))]).Draw()),
        ];
    }

    public string Numbers(Workshop workshop)
    {
        if (workshop.Load<CrashCount[]>(Name) is not { } counts)
        {
            return "";
        }

        var table = new MarkdownTable(
            "n", "N_l", "crash rate", "crashes", "rounds committed", "rounds aborted", "slots filled anew in a round", "messages a committed round", "of no crashes");
        foreach (var setting in counts.Where(c => c.Rate is 0 or 0.02 or 0.06 or 0.1).GroupBy(c => (c.Nodes, c.Leaders, c.Rate)))
        {
            double perRound = setting.Average(c => c.PerRound);
            double calm = counts.Where(c => (c.Nodes, c.Leaders, c.Rate) == (setting.Key.Nodes, setting.Key.Leaders, 0)).Average(c => c.PerRound);
            table.Add(
                $"{setting.Key.Nodes}", $"{setting.Key.Leaders}", setting.Key.Rate.ToString("0 %", CultureInfo.InvariantCulture), $"{setting.Sum(c => c.Crashes)}",
                $"{setting.Sum(c => c.Committed)}", $"{setting.Sum(c => c.Aborted)}", $"{setting.Sum(c => c.Reorganised)}",
                perRound.ToString("N0", CultureInfo.InvariantCulture), (perRound / calm).ToString("0.00", CultureInfo.InvariantCulture));
        }

        return table.ToString();
    }

    private static IEnumerable<(int Nodes, int Leaders, double Rate, ulong Seed)> Plan() => Nodes.Select(n => (n, FewestLeaders))
        .Union(Leaders.Select(l => (NodesOverLeaders, l))).SelectMany(s => Rates.SelectMany(r => Seeds.Select(seed => (s.Item1, s.Item2, r, seed))));

    private static Line LineOf(string name, int colour, IEnumerable<CrashCount> counts) => new(name, colour, Stroke.Solid,
        [.. counts.GroupBy(c => c.Rate).OrderBy(g => g.Key).Select(g => new Point(100 * g.Key, g.Average(c => c.PerRound), g.Min(c => c.PerRound), g.Max(c => c.PerRound)))]);
}
