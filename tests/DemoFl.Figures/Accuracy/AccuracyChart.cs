using DemoFl.Figures.Drawing;

namespace DemoFl.Figures.Accuracy;

/// <summary>A study's figure: one line a layout, the mean over the seeds that are complete in both, between the smallest and the largest.</summary>
internal static class AccuracyChart
{
    public static LineChart Of(AccuracyStudy study, AccuracyRecord record)
    {
        var seeds = AccuracySummary.Of(record, study.Rounds).Seeds.Select(s => s.Seed).ToArray();
        string covers = seeds.Length > 1 ? $"mean, least and most of {seeds.Length} seeds" : "one seed";
        if (seeds.Length == 0)
        {
            seeds = [record.Runs[0].Seed];
            covers = "one seed, unfinished";
        }

        var lines = AccuracyStudy.Layouts.Select((layout, i) => LineOf(record, layout, i, seeds)).Where(l => l.Points.Count > 0).ToList();
        if (study.WantedBest is { } wanted)
        {
            double percent = 100 * wanted;
            lines.Add(new Line($"{percent:0.#} %", 4, Stroke.Dotted, [new Point(1, percent), new Point(study.Rounds, percent)]));
        }

        return new LineChart(
            $"Test accuracy: {study.Title}",
            $"CNN, {AccuracyStudy.Parties} parties, 10 a round, 5 epochs, batch 10, rate 0.05, 3 leaders; {covers}",
            new Axis("round", From: 0, To: study.Rounds), new Axis("test accuracy, %", From: study.LowestDrawn, To: study.WantedBest is null ? null : 100),
            [.. lines.Select(l => l with { Points = [.. l.Points.SkipWhile(p => p.Low < study.LowestDrawn)] })]);
    }

    private static Line LineOf(AccuracyRecord record, string layout, int index, ulong[] seeds)
    {
        var runs = seeds.Select(s => record.Find(layout, s)).OfType<AccuracyRun>().ToArray();
        int rounds = runs.Length == 0 ? 0 : runs.Min(r => r.Accuracy.Count);
        var points = Enumerable.Range(0, rounds).Select(i =>
        {
            double[] values = [.. runs.Select(r => 100 * r.Accuracy[i])];
            return new Point(i + 1, values.Average(), values.Min(), values.Max());
        });
        return new Line(layout, index, index == 0 ? Stroke.Solid : Stroke.Dashed, [.. points]);
    }
}
