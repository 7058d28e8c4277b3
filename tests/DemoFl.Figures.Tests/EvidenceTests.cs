using DemoFl.Figures.Accuracy;
using DemoFl.Figures.KeySetup;

namespace DemoFl.Figures.Tests;

/// <summary>What the checked-in measurements are to show. A measurement that is not there yet shows nothing and fails nothing.</summary>
public class EvidenceTests
{
    private const double LargestMeanDifference = 0.002;

    /// <summary>DESIGN C4, on real runs.</summary>
    [Fact]
    public void OneRound_MaskedAndPlain_AreWithinTheBound()
    {
        var rounds = Repository.Workshop.Load<OneRound[]>("one-round")!;

        Assert.Equal(AccuracyStudy.All.Select(s => s.Name), rounds.Select(r => r.Study));
        Assert.All(rounds, r => Assert.InRange(r.Distance.LargestBeyondFloat, 0, r.Bound));
        Assert.All(rounds, r => Assert.Equal(r.Parties * r.Ulp * 1000 / r.SampleCount, r.Bound, 15));
    }

    [Fact]
    public void KeySetup_AgainstClientsAndLeaders_IsAStraightLine()
    {
        foreach (var sweep in new[] { KeySetupSweep.Nodes, KeySetupSweep.Leaders })
        {
            var points = Repository.Workshop.Load<KeySetupRecord>(sweep.Name)!.Points;

            Assert.Equal(sweep.Sizes, points.Select(p => (p.Nodes, p.Leaders)));
            Assert.InRange(LinearFit.Of([.. points.Select(p => ((double)sweep.At(p), p.TotalMs))]).RSquared, 0.99, 1);
        }
    }

    [Fact]
    public void Accuracy_CompleteRuns_ReachWhatIsWantedAndDoNotDependOnTheLayout()
    {
        foreach (var study in AccuracyStudy.All)
        {
            if (Repository.Workshop.Load<AccuracyRecord>(study.Name) is not { } record)
            {
                continue;
            }

            Assert.All(record.Runs, r => Assert.Equal(0, r.Aborted));
            Assert.All(record.Runs.Where(r => r.Accuracy.Count >= study.Rounds), r => Assert.True(r.Accuracy.Max() >= (study.WantedBest ?? 0)));
            var summary = AccuracySummary.Of(record, study.Rounds);
            if (summary.Seeds.Count == AccuracyStudy.Seeds.Length)
            {
                Assert.InRange(Math.Abs(summary.MeanDifference!.Value), 0, LargestMeanDifference);
            }
        }
    }
}
