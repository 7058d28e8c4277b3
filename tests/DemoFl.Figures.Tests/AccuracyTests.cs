using System.Text.Json;
using DemoFl.Figures.Accuracy;

namespace DemoFl.Figures.Tests;

public class AccuracyTests
{
    private const int Rounds = 12;

    [Fact]
    public void Summary_CompleteSeeds_ComparesTheirLastTenRounds()
    {
        var record = Record(Run("masked", 1, Rounds, last: 0.92), Run("plain", 1, Rounds, last: 0.90), Run("masked", 2, Rounds, last: 0.80), Run("plain", 2, Rounds, last: 0.81));

        var summary = AccuracySummary.Of(record, Rounds);

        Assert.Equal([1UL, 2UL], summary.Seeds.Select(s => s.Seed));
        Assert.Equal(0.02, summary.Seeds[0].Difference, 12);
        Assert.Equal(0.005, summary.MeanDifference!.Value, 12);
    }

    [Fact]
    public void Summary_SeedThatOneLayoutLacks_IsLeftOut()
    {
        var record = Record(Run("masked", 1, Rounds, 0.9), Run("plain", 1, Rounds - 1, 0.9), Run("masked", 2, Rounds, 0.9));

        Assert.Null(AccuracySummary.Of(record, Rounds).MeanDifference);
    }

    [Fact]
    public void Rounds_OfAReportAndLaterEvents_AreMergedAndHalfALineIsPassedOver()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "report.json"), $$"""{"rounds": [{{Row(1, 0.1)}}, {{Row(2, 0.2)}}]}""");
        File.WriteAllText(Path.Combine(folder.Path, "events.jsonl"), $"{Row(2, 0.25)}\n{{\"event\":\"keysReady\"}}\n{Row(4, 0.4)}\n{Row(5, 0.5)[..20]}");

        var rounds = new RunFolder(folder.Path).Rounds();

        Assert.Equal([1UL, 2UL, 4UL], rounds.Select(r => r.Round));
        Assert.Equal([0.1, 0.25, 0.4], rounds.Select(r => r.Accuracy!.Value));
    }

    [Fact]
    public void Gather_RunThatWasCutOff_KeepsItsRoundsAndOnlyMoreReplaceThem()
    {
        using var folder = new TemporaryFolder();
        var experiment = new AccuracyExperiment(AccuracyStudy.All[0]);
        string run = Directory.CreateDirectory(Path.Combine(folder.Workshop.Runs, experiment.Name, "plain-2")).FullName;
        string events = Path.Combine(run, "events.jsonl");

        File.WriteAllText(events, $"{Row(1, 0.1)}\n{Row(3, 0.3)}\n");
        experiment.Gather(folder.Workshop);
        File.WriteAllText(events, $"{Row(1, 0.9)}\n");
        experiment.Gather(folder.Workshop);

        var kept = folder.Workshop.Load<AccuracyRecord>(experiment.Name)!.Find("plain", 2)!;
        Assert.Equal([0.1, 0.3], kept.Accuracy);
        Assert.Equal((1, 10.0), (kept.Aborted, kept.BytesPerPartyAndRound));
    }

    [Fact]
    public void Begin_AfterAnInterruption_StartsEmptyAndKeepsOthersAway()
    {
        using var folder = new TemporaryFolder();
        var run = new RunFolder(Path.Combine(folder.Path, "study", "masked-1"));
        Directory.CreateDirectory(run.Path);
        File.WriteAllText(run.Events, $"{Row(1, 0.1)}\n");

        using (run.Begin())
        {
            Assert.Empty(run.Rounds());
            Assert.Throws<FigureException>(() => new RunFolder(run.Path).Begin());
        }

        using var again = run.Begin();
    }

    [Fact]
    public void Missing_NothingMeasured_NamesEveryRun()
    {
        using var folder = new TemporaryFolder();
        var study = AccuracyStudy.All[0];

        var missing = new AccuracyExperiment(study).Missing(folder.Workshop);

        Assert.Equal(AccuracyStudy.Seeds.Length * AccuracyStudy.Layouts.Length, missing.Count);
        Assert.Contains($"plain seed 3 (0 of {study.Rounds} rounds)", missing);
    }

    [Fact]
    public void Save_ThenLoad_KeepsARecordAndPutsItsNumbersOnOneLine()
    {
        using var folder = new TemporaryFolder();
        var record = Record(Run("masked", 1, Rounds, 0.9));

        folder.Workshop.Save("study", record);

        Assert.Equal(JsonSerializer.Serialize(record), JsonSerializer.Serialize(folder.Workshop.Load<AccuracyRecord>("study")));
        Assert.True(File.ReadAllLines(Path.Combine(folder.Path, "study.json")).Length < 25);
    }

    private static string Row(int round, double accuracy) => JsonSerializer.Serialize(
        new { @event = "round", round, parties = 10, intersection = 10, seconds = 1.5, loss = 1.0, accuracy, partyBytesUp = 100 });

    private static AccuracyRecord Record(params AccuracyRun[] runs) => new("mnist", new() { ["model"] = "cnn" }, runs);

    private static AccuracyRun Run(string layout, ulong seed, int rounds, double last) =>
        new(layout, seed, 100, 0, [.. Enumerable.Range(0, rounds).Select(i => i < 2 ? 0.1 : last)], [.. Enumerable.Repeat(1.0, rounds)]);
}
