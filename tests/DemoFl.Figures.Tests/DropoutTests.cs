using DemoFl.Figures.Dropouts;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Figures.Tests;

public class DropoutTests
{
    private const int Parties = 8;
    private const int Rounds = 4;

    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    public async Task RunAsync_PartiesDropOut_SumsTheOthersOfEveryRound(double rate)
    {
        var (train, test) = Datasets.Load("generated");
        Dataset[] parts = [.. Partitioner.Split(train, "iid", 50, 1).Take(Parties).Select(p => train.Subset(p))];
        var federation = new DropoutFederation(parts, Models.Parse("softmax", train.Input, train.Classes), test!, fraction: 1);

        var run = await federation.RunAsync(rate, Rounds, epochs: 1, CancellationToken.None);

        int[] there = [.. Enumerable.Range(1, Rounds).Select(r => Enumerable.Range(0, Parties).Count(i => !DroppingTrainer.DropsOut(i, new Round((ulong)r), 1, rate)))];
        Assert.Equal(there, run.Summed);
        Assert.Equal(rate > 0, there.Sum() < Parties * Rounds);
        Assert.Equal(Enumerable.Repeat(Parties, Rounds), run.Parties);
        Assert.All(run.Accuracy, a => Assert.InRange(a, 0.01, 1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.05)]
    [InlineData(0.2)]
    public void DropsOut_OverManyRounds_HasTheChance(double rate)
    {
        int dropped = Enumerable.Range(0, 100).Sum(i => Enumerable.Range(1, 1000).Count(r => DroppingTrainer.DropsOut(i, new Round((ulong)r), 1, rate)));
        Assert.InRange(dropped / 100_000.0, rate * 0.95, rate * 1.05);
    }
}
