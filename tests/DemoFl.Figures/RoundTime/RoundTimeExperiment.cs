using System.Globalization;
using DemoFl.Figures.Drawing;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Figures.RoundTime;

/// <summary>DemoFL, figure 8: where a participant's round goes.</summary>
internal sealed class RoundTimeExperiment : IExperiment
{
    private const int Parties = 10;
    private const int Repetitions = 2;
    private const int Phases = 7;

    private static readonly (string Name, Layout Layout, int Leaders)[] Settings =
    [
        ("plain", Layout.Plain, 0), ("masked, 3 leaders", Layout.Masked, 3), ("masked, 7 leaders", Layout.Masked, 7),
    ];

    public string Name => "round-time";

    public string Summary => "run time per participant and round, phase by phase: MNIST CNN, 10 parties (DemoFL fig. 8)";

    public IReadOnlyList<string> Missing(Workshop workshop) => workshop.Load<RoundTimeRecord>(Name) is null ? ["everything"] : [];

    public async Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var train = Datasets.Load($"mnist:{workshop.DataSet("mnist")}").Train;
        Dataset[] parts = [.. Partitioner.Split(train, "iid", 100, 1).Take(Parties).Select(p => train.Subset(p))];
        var federation = new TimedFederation(parts, Models.Parse("cnn", train.Input, train.Classes));
        var phases = Settings.ToDictionary(s => s.Name, _ => new List<double[]>());

        // In turns, so that a machine that slows down for a while slows every setting.
        for (int repetition = 1; repetition <= Repetitions; repetition++)
        {
            foreach (var (name, layout, leaders) in Settings)
            {
                workshop.Tell($"{Name}: {name}, {repetition} of {Repetitions}");
                phases[name].AddRange(await federation.RunAsync(layout, leaders, rounds: 2, cancellation));
            }
        }

        workshop.Save(Name, new RoundTimeRecord(
            Parties, Repetitions, Environment.ProcessorCount, Native.LoadAverage(), [.. Settings.Select(s => TimesOf(s.Name, s.Leaders, phases[s.Name]))]));
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
        return $"{table}\nSeconds; medians of {record.Parties} parties in {record.Rounds} runs of one round, after one that does not count; the settings took turns.{busy}";
    }

    private static RoundTimes TimesOf(string setting, int leaders, List<double[]> phases)
    {
        double[] medians = [.. Enumerable.Range(0, Phases).Select(i => Median(phases.Select(p => p[i])))];
        return new RoundTimes(setting, leaders, medians[0], medians[1], medians[2], medians[3], medians[4], medians[5], medians[6]);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? throw new FigureException("No party was seen to pass through all phases of a round.") : Math.Round(sorted[sorted.Length / 2], 4);
    }
}
