using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>Real columns that span 0.001 to 4,000, dealt out to five parties.</summary>
public sealed class BreastCancerTests
{
    private const int Nodes = 5;

    [DataFact("tabular")]
    public async Task Run_Standardized_LearnsInFiveRoundsWhatItDoesNotOtherwise()
    {
        double standardized = await AccuracyAsync("standardized:softmax");
        double plain = await AccuracyAsync("softmax");
        Assert.InRange(standardized, 0.95, 1);
        Assert.InRange(plain, 0, standardized - 0.03);
    }

    private static async Task<double> AccuracyAsync(string spec)
    {
        var data = Datasets.Load($"csv:{DataFactAttribute.PathOf("tabular")}/breast_cancer.csv,scale=none");
        var model = Models.Parse(spec, data.Train.Input, data.Train.Classes);
        var rules = Rules.Of(Nodes, rounds: 5) with { Standardize = Models.IsStandardized(spec), Training = Some.Plan(0) with { Epochs = 2 } };
        await using var federation = await Federation.StartAsync(rules, model, data.Test);
        using var turns = new SemaphoreSlim(2);
        federation.JoinAll(Partitioner.Split(data.Train, "iid", Nodes, 1).Select((p, i) => new EmbeddedTrainer($"n-{i}", data.Train.Subset(p), turns)));
        await federation.CompleteAsync();
        return (await federation.Reports.WhenAsync<Relay.RoundReport>(r => r.Round == new Round((ulong)rules.AllRounds))).Accuracy;
    }
}
