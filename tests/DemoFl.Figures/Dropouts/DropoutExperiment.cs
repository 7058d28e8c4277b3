using System.Globalization;
using DemoFl.Figures.Drawing;
using DemoFl.Learning;

namespace DemoFl.Figures.Dropouts;

/// <summary>DemoFL, figure 10: accuracy when parties drop out of rounds.</summary>
internal sealed class DropoutExperiment : IExperiment
{
    private const int Parties = 100;
    private const double Fraction = 0.1;
    private const int Rounds = 20;
    private const int Epochs = 5;
    private const int RoundsCompared = 5;
    private static readonly double[] Rates = [0, 0.05, 0.1, 0.2];

    public string Name => "dropouts";

    public string Summary => $"accuracy when parties drop out of rounds: MNIST, two labels a party, {Rounds} rounds (DemoFL fig. 10)";

    public IReadOnlyList<string> Missing(Workshop workshop) =>
        [.. Rates.Where(rate => Load(workshop).All(r => r.Rate != rate)).Select(rate => rate.ToString("0 %", CultureInfo.InvariantCulture))];

    public async Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        var (train, test) = Datasets.Load($"mnist:{workshop.DataSet("mnist")}");
        Dataset[] parts = [.. Partitioner.Split(train, "shards:2", Parties, 1).Select(p => train.Subset(p))];
        var model = Models.Parse("cnn", train.Input, train.Classes);
        foreach (double rate in Rates.Where(rate => Load(workshop).All(r => r.Rate != rate)))
        {
            var federation = new DropoutFederation(parts, model, test!, Fraction)
            {
                Told = r => workshop.Tell($"{Name}: {rate:0 %} drop out, round {r.Round} of {Rounds}, {r.Intersection} of {r.Parties}, accuracy {r.Accuracy:0.00 %}"),
            };
            workshop.Save(Name, Load(workshop).Append(await federation.RunAsync(rate, Rounds, Epochs, cancellation)).OrderBy(r => r.Rate).ToArray());
        }
    }

    public IEnumerable<(string Name, string Svg)> Draw(Workshop workshop)
    {
        if (Load(workshop) is not { Length: > 0 } runs)
        {
            return [];
        }

        var chart = new LineChart(
            "Test accuracy when parties drop out", $"MNIST, two labels a party; CNN, {Parties} parties, 10 a round, {Epochs} epochs, batch 10, rate 0.05, 3 leaders",
            new Axis("round", From: 0, To: Rounds), new Axis("test accuracy, %", From: 0, To: 100),
            [.. runs.Select((r, i) => new Line($"{100 * r.Rate:0} % drop out", i, Stroke.Solid, [.. r.Accuracy.Select((a, round) => new Point(round + 1, 100 * a))]))]);
        return [(Name, chart.Draw())];
    }

    public string Numbers(Workshop workshop)
    {
        var runs = Load(workshop);
        if (runs.Length == 0)
        {
            return "";
        }

        var table = new MarkdownTable("chance to drop out", "parties selected", "parties summed", "best accuracy", $"mean of the last {RoundsCompared} rounds");
        foreach (var run in runs)
        {
            table.Add(
                Percent(run.Rate, "0 %"), $"{run.Parties.Sum()}", $"{run.Summed.Sum()}", Percent(run.Accuracy.Max()),
                Percent(run.Accuracy.TakeLast(RoundsCompared).Average()));
        }

        return table.ToString();
    }

    private static string Percent(double share, string format = "0.00 %") => share.ToString(format, CultureInfo.InvariantCulture);

    private DropoutRun[] Load(Workshop workshop) => workshop.Load<DropoutRun[]>(Name) ?? [];
}
