using System.Globalization;

namespace DemoFl.Figures.Accuracy;

/// <summary>DemoFL, figure 5, and SOFL, figure 3: test accuracy round by round, masked and plain, over the same first models, draws and shuffles.</summary>
internal sealed class AccuracyExperiment(AccuracyStudy study) : IExperiment
{
    public string Name => study.Name;

    public string Summary =>
        $"accuracy of masked and plain: {study.Title}, {study.Rounds} rounds, {AccuracyStudy.Seeds.Length} seeds (DemoFL fig. 5, SOFL fig. 3)";

    public IReadOnlyList<string> Missing(Workshop workshop)
    {
        var record = Load(workshop);
        return [.. Plan().Where(r => RoundsOf(record, r.Layout, r.Seed) < study.Rounds)
            .Select(r => $"{r.Layout} seed {r.Seed} ({RoundsOf(record, r.Layout, r.Seed)} of {study.Rounds} rounds)")];
    }

    public void Gather(Workshop workshop)
    {
        foreach (var (layout, seed) in Plan())
        {
            Keep(workshop, layout, seed, FolderOf(workshop, layout, seed).Rounds());
        }
    }

    public async Task RunAsync(Workshop workshop, CancellationToken cancellation)
    {
        string data = $"{study.DataSet}:{workshop.DataSet(study.DataSet)}";
        foreach (var (layout, seed) in Plan().Where(r => RoundsOf(Load(workshop), r.Layout, r.Seed) < study.Rounds))
        {
            var folder = FolderOf(workshop, layout, seed);
            var progress = new RunProgress(workshop, $"{Name} {layout}, seed {seed}", study.Rounds);
            try
            {
                await new RunProcess(workshop, folder).ExecuteAsync(data, study.Job(layout, seed, study.Rounds), progress.Tell, cancellation);
            }
            finally
            {
                Keep(workshop, layout, seed, folder.Rounds());
            }
        }
    }

    public IEnumerable<(string Name, string Svg)> Draw(Workshop workshop) =>
        Load(workshop) is { Runs.Count: > 0 } record ? [(Name, AccuracyChart.Of(study, record).Draw())] : [];

    public string Numbers(Workshop workshop)
    {
        var record = Load(workshop);
        if (record is null)
        {
            return "";
        }

        var table = new MarkdownTable("layout", "seed", "rounds", "best accuracy", "mean of the last 10 rounds", "bytes a party sends a round");
        foreach (var run in record.Runs)
        {
            string last = run.Accuracy.Count < study.Rounds ? "-" : Percent(run.Accuracy.TakeLast(AccuracySummary.RoundsCompared).Average());
            table.Add(
                $"`{run.Layout}`", $"{run.Seed}", $"{run.Accuracy.Count} of {study.Rounds}", $"{Percent(run.Accuracy.Max())}", $"{last}",
                $"{run.BytesPerPartyAndRound:N0}");
        }

        return $"{table}\n{Verdict(AccuracySummary.Of(record, study.Rounds))}";
    }

    private static string Verdict(AccuracySummary summary)
    {
        if (summary.MeanDifference is not { } mean)
        {
            return "No seed is complete in both layouts yet.";
        }

        string each = string.Join(", ", summary.Seeds.Select(s => $"{Points(s.Difference)} (seed {s.Seed})"));
        return $"`masked` minus `plain`, mean over the last {AccuracySummary.RoundsCompared} rounds: **{Points(mean)} points** over {summary.Seeds.Count} of "
            + $"{AccuracyStudy.Seeds.Length} seeds: {each}.";
    }

    private static string Percent(double share) => share.ToString("0.00 %", CultureInfo.InvariantCulture);

    private static string Points(double share) => (100 * share).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);

    private static IEnumerable<(string Layout, ulong Seed)> Plan() => AccuracyStudy.Seeds.SelectMany(s => AccuracyStudy.Layouts.Select(l => (l, s)));

    private static int RoundsOf(AccuracyRecord? record, string layout, ulong seed) => record?.Find(layout, seed)?.Accuracy.Count ?? 0;

    private RunFolder FolderOf(Workshop workshop, string layout, ulong seed) => new(Path.Combine(workshop.Runs, Name, $"{layout}-{seed}"));

    private AccuracyRecord? Load(Workshop workshop) => workshop.Load<AccuracyRecord>(Name);

    /// <summary>Keeps a run's rounds if they are more than are kept already.</summary>
    private void Keep(Workshop workshop, string layout, ulong seed, IReadOnlyList<RoundRow> rounds)
    {
        if (rounds.Count <= RoundsOf(Load(workshop), layout, seed))
        {
            return;
        }

        var kept = rounds.Take(study.Rounds).ToArray();
        var run = new AccuracyRun(
            layout, seed, Math.Round(kept.Average(r => (double)r.PartyBytesUp / r.Parties), 1), (int)(kept[^1].Round - (ulong)kept.Length),
            [.. kept.Select(r => Math.Round(r.Accuracy!.Value, 6))], [.. kept.Select(r => Math.Round(r.Loss!.Value, 5))]);
        var others = Load(workshop)?.Runs.Where(r => r.Layout != layout || r.Seed != seed) ?? [];
        var job = study.Job(layout, seed, study.Rounds);
        job.Remove("layout");
        job.Remove("seed");
        workshop.Save(Name, new AccuracyRecord(
            study.DataSet, job, [.. others.Append(run).OrderBy(r => r.Seed).ThenBy(r => r.Layout, StringComparer.Ordinal)]));
    }
}
