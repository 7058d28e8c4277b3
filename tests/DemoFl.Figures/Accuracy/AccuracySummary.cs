namespace DemoFl.Figures.Accuracy;

/// <summary>What the runs of a study come to. A seed counts where both layouts have all their rounds.</summary>
internal sealed class AccuracySummary
{
    /// <summary>Rounds at the end of a run that the layouts are compared over.</summary>
    public const int RoundsCompared = 10;

    private AccuracySummary(IReadOnlyList<SeedComparison> seeds) => Seeds = seeds;

    /// <summary>The seeds that are complete.</summary>
    public IReadOnlyList<SeedComparison> Seeds { get; }

    /// <summary>Masked minus plain, the mean over the last rounds of all seeds, as a share; null where no seed is complete.</summary>
    public double? MeanDifference => Seeds.Count == 0 ? null : Seeds.Average(s => s.Difference);

    public static AccuracySummary Of(AccuracyRecord record, int rounds)
    {
        var masked = record.Runs.Where(r => r.Layout == "masked" && r.Accuracy.Count >= rounds).OrderBy(r => r.Seed);
        return new([.. masked.Select(m => (Masked: m, Plain: record.Find("plain", m.Seed))).Where(p => p.Plain?.Accuracy.Count >= rounds)
            .Select(p => new SeedComparison(p.Masked.Seed, p.Masked, p.Plain!, MeanOfLast(p.Masked) - MeanOfLast(p.Plain!)))]);
    }

    private static double MeanOfLast(AccuracyRun run) => run.Accuracy.TakeLast(RoundsCompared).Average();
}

/// <summary>Both layouts with one seed; <paramref name="Difference"/> is masked minus plain over the last rounds.</summary>
internal sealed record SeedComparison(ulong Seed, AccuracyRun Masked, AccuracyRun Plain, double Difference);
