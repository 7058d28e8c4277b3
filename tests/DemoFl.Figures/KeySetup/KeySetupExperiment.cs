using System.Globalization;
using DemoFl.Figures.Drawing;
using DemoFl.Figures.Messages;
using DemoFl.Protocol;

namespace DemoFl.Figures.KeySetup;

/// <summary>DemoFL, figures 6 and 7, and SOFL, figure 4: what setting up costs, against leaders and against clients.</summary>
internal sealed class KeySetupExperiment(KeySetupSweep sweep) : IExperiment
{
    private const int Repetitions = 5;
    private const ulong Seed = 1;

    public string Name => sweep.Name;

    public string Summary => $"computation and messages of the key agreement against {sweep.Counts}, with {sweep.Fixed} (DemoFL figs. 6, 7; SOFL fig. 4)";

    public IReadOnlyList<string> Missing(Workshop workshop) => workshop.Load<KeySetupRecord>(Name) is null ? ["everything"] : [];

    public Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        using (var warmUp = new KeySetupRun(20, 3))
        {
            _ = Enumerable.Range(0, 10).Select(_ => warmUp.Measure()).Last();
        }

        var costs = sweep.Sizes.ToDictionary(s => s, _ => new List<KeySetupCost>());

        // In turns, so that a machine that slows down for a while slows every point a little and no point much.
        for (int repetition = 1; repetition <= Repetitions; repetition++)
        {
            foreach (var (nodes, leaders) in sweep.Sizes)
            {
                cancellation.ThrowIfCancellationRequested();
                using var run = new KeySetupRun(nodes, leaders);
                costs[(nodes, leaders)].Add(run.Measure());
            }

            workshop.Tell($"{Name}: repetition {repetition} of {Repetitions}");
        }

        string clock = Native.HasThreadClock ? "processor time of the computing thread" : "wall time";
        workshop.Save(Name, new KeySetupRecord(clock, Repetitions, [.. sweep.Sizes.Select(s => PointOf(s.Nodes, s.Leaders, costs[s]))]));
        return Task.CompletedTask;
    }

    public IEnumerable<(string Name, string Svg)> Draw(Workshop workshop)
    {
        if (workshop.Load<KeySetupRecord>(Name) is not { } record)
        {
            return [];
        }

        var total = FitOf(record, p => p.TotalMs);
        double last = sweep.At(record.Points[^1]);
        return
        [
            (Name, new LineChart(
                $"Key agreement: computation against {sweep.Counts}",
                string.Create(CultureInfo.InvariantCulture, $"{sweep.Fixed}; {record.Clock}, median of {record.Repetitions}; R² of the fitted line: {total.RSquared:0.0000}"),
                new Axis(sweep.Counts, From: 0), new Axis("seconds", From: 0),
                [
                    LineOf(record, "all nodes together", 0, Stroke.Points, p => p.TotalMs), LineOf(record, "one leader", 1, Stroke.Solid, p => p.LeaderMs),
                    LineOf(record, "one node as a party", 2, Stroke.Solid, p => p.NodeMs),
                    new Line("fitted", 0, Stroke.Dotted, [new Point(0, total.At(0) / 1000), new Point(last, total.At(last) / 1000)]),
                ]).Draw()),
        ];
    }

    public string Numbers(Workshop workshop)
    {
        if (workshop.Load<KeySetupRecord>(Name) is not { } record)
        {
            return "";
        }

        var table = new MarkdownTable("clients", "leaders", "one node as a party, ms", "one leader, ms", "all together, ms", "messages");
        foreach (var p in record.Points)
        {
            table.Add($"{p.Nodes:N0}", $"{p.Leaders}", $"{p.NodeMs:0.00}", $"{p.LeaderMs:N1}", $"{p.TotalMs:N0}", $"{p.Messages:N0}");
        }

        var (time, messages) = (FitOf(record, p => p.TotalMs), FitOf(record, p => p.Messages));
        return string.Create(CultureInfo.InvariantCulture, $"{table}\nAll together, a straight line: {time.Slope:0.00} ms for each of the {sweep.Counts}, "
            + $"R² = **{time.RSquared:0.0000}**. Messages: {messages.Slope:0.0} for each, R² = {messages.RSquared:0.0000}.");
    }

    private static KeySetupPoint PointOf(int nodes, int leaders, List<KeySetupCost> costs)
    {
        long messages = MessageCount.Run(Layout.Masked, nodes, leaders, rounds: 1, Seed).SetUp;
        return new KeySetupPoint(nodes, leaders, messages, Median(costs, c => c.NodeMs), Median(costs, c => c.LeaderMs), Median(costs, c => c.TotalMs));
    }

    private static double Median(List<KeySetupCost> costs, Func<KeySetupCost, double> of) => Math.Round(costs.Select(of).Order().ElementAt(costs.Count / 2), 4);

    private Line LineOf(KeySetupRecord record, string name, int colour, Stroke stroke, Func<KeySetupPoint, double> milliseconds) =>
        new(name, colour, stroke, [.. record.Points.Select(p => new Point(sweep.At(p), milliseconds(p) / 1000))]);

    private LinearFit FitOf(KeySetupRecord record, Func<KeySetupPoint, double> value) =>
        LinearFit.Of([.. record.Points.Select(p => ((double)sweep.At(p), value(p)))]);
}
