using System.Globalization;
using DemoFl.Figures.Drawing;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Figures.RoundTime;

/// <summary>DemoFL, figure 8: where a participant's round goes.</summary>
internal sealed class RoundTimeExperiment : IExperiment
{
    private const int Parties = 10;
    private const int Rounds = 2;
    private const int Phases = 7;

    private static readonly (string Name, Layout Layout, int Leaders)[] Settings =
    [
        ("plain", Layout.Plain, 0), ("masked, 3 leaders", Layout.Masked, 3), ("masked, 7 leaders", Layout.Masked, 7),
    ];

    public string Name => "round-time";

    public string Summary => "run time per participant and round, phase by phase: MNIST CNN, 10 parties (DemoFL fig. 8)";

    public IReadOnlyList<string> Missing(Workshop workshop)
    {
        var done = workshop.Load<RoundTimeRecord>(Name)?.Settings ?? [];
        return [.. Settings.Where(s => done.All(d => d.Setting != s.Name)).Select(s => s.Name)];
    }

    public async Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var train = Datasets.Load($"mnist:{workshop.DataSet("mnist")}").Train;
        Dataset[] parts = [.. Partitioner.Split(train, "iid", 100, 1).Take(Parties).Select(p => train.Subset(p))];
        var federation = new TimedFederation(parts, Models.Parse("cnn", train.Input, train.Classes));
        foreach (var (name, layout, leaders) in Settings.Where(s => Missing(workshop).Contains(s.Name)))
        {
            workshop.Tell($"{Name}: {name}, {Rounds + 1} rounds");
            var phases = await federation.RunAsync(layout, leaders, Rounds + 1, cancellation);
            double[] medians = [.. Enumerable.Range(0, Phases).Select(i => Median(phases.Select(p => p[i])))];
            var done = workshop.Load<RoundTimeRecord>(Name)?.Settings ?? [];
            var times = new RoundTimes(name, leaders, medians[0], medians[1], medians[2], medians[3], medians[4], medians[5], medians[6]);
            workshop.Save(Name, new RoundTimeRecord(Parties, Rounds, Environment.ProcessorCount, Native.LoadAverage(), [.. done, times]));
        }
    }

    public IEnumerable<(string Name, string Svg)> Draw(Workshop workshop)
    {
        if (workshop.Load<RoundTimeRecord>(Name) is not { } record)
        {
            return [];
        }

        string subtitle = $"MNIST CNN (1.66 M parameters), {record.Parties} parties of 600 examples, 5 epochs; one machine, {record.Cores} cores; medians";
        (string, int)[] protocol = [("fetch model", 2), ("encode, announce, mask", 1), ("upload", 3), ("close", 5)];
        var whole = record.Settings.Select(s => new Bar(s.Setting, [s.Fetch, s.Prepare, s.Upload, s.Close, s.Train, s.Queue + s.Wait]));
        var without = record.Settings.Select(s => new Bar(s.Setting, [s.Fetch, s.Prepare, s.Upload, s.Close]));
        return
        [
            (Name, new BarChart(
                "Run time of a participant in a round", subtitle, new Axis("seconds"), [.. protocol, ("train", 0), ("wait for others", 4)], [.. whole]).Draw()),
            ($"{Name}-protocol", new BarChart("The same without training and waiting", subtitle, new Axis("seconds"), protocol, [.. without]).Draw()),
        ];
    }

    public string Numbers(Workshop workshop)
    {
        if (workshop.Load<RoundTimeRecord>(Name) is not { } record)
        {
            return "";
        }

        var table = new MarkdownTable(
            "setting", "fetch model", "train", "encode, announce, mask", "upload", "wait for a core", "wait for the others", "close");
        foreach (var s in record.Settings)
        {
            table.Add(
                $"{s.Setting}", $"{s.Fetch:0.000}", $"{s.Train:0.00}", $"{s.Prepare:0.000}", $"{s.Upload:0.000}", $"{s.Queue:0.00}", $"{s.Wait:0.00}",
                $"{s.Close:0.000}");
        }

        string busy = record.Load > 2 * record.Cores
            ? string.Create(
                CultureInfo.InvariantCulture,
                $" The machine was busy with other work (load average {record.Load:0} on {record.Cores} cores): read proportions, not times.")
            : "";
        return $"{table}\nSeconds; medians of {record.Parties} parties in {record.Rounds} rounds, after one round that does not count.{busy}";
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? throw new FigureException("No party was seen to pass through all phases of a round.") : Math.Round(sorted[sorted.Length / 2], 4);
    }
}
