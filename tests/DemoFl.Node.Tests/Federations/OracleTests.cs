using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>C2 and C4 over real sockets: what a federation commits against what its updates add up to.</summary>
public sealed class OracleTests
{
    private const int Nodes = 4;
    private const int Rounds = 3;

    [Theory]
    [InlineData(Layout.Masked, 16)]
    [InlineData(Layout.Masked, 32)]
    [InlineData(Layout.Masked, 64)]
    [InlineData(Layout.Rotating, 16)]
    [InlineData(Layout.Rotating, 32)]
    [InlineData(Layout.Rotating, 64)]
    public async Task Run_UpdatesBeyondTheClip_CommitsTheIntegerSumToTheBit(Layout layout, int ring)
    {
        // Clipped coordinates are whole units of the ring, hence free of rounding.
        var trainers = Enumerable.Range(0, Nodes).Select(n => StubTrainer.Moving((r, i) => 5_000f * Sign(n, r, i), samples: 100)).ToArray();
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, Rounds, layout, ring));
        federation.JoinAll(trainers);

        await federation.CompleteAsync();

        float[] expected = Some.Model.Initialise(1);
        double units = (double)(ulong.MaxValue >> (64 - (ring - 3)));
        for (int round = 1; round <= Rounds; round++)
        {
            // Clipping in each round doubles the range of the next one.
            double step = 0.5 * Math.Pow(2, round - 1) / units * (100.0 / (Nodes * 100));
            for (int i = 0; i < expected.Length; i++)
            {
                double sum = Enumerable.Range(0, Nodes).Sum(n => Sign(n, new Round((ulong)round), i)) * units;
                expected[i] = (float)(expected[i] + (sum * step));
            }
        }

        Assert.Equal(expected, federation.CommittedModel());
        AssertSameViews(federation, trainers);
    }

    [Theory]
    [InlineData(Layout.Masked, 16)]
    [InlineData(Layout.Masked, 32)]
    [InlineData(Layout.Masked, 64)]
    [InlineData(Layout.Rotating, 32)]
    [InlineData(Layout.Plain, 32)]
    public async Task Run_UnequalSampleCounts_StaysWithinC4OfFederatedAveraging(Layout layout, int ring)
    {
        // 20,403 parameters: at 32 bits more than one piece.
        var model = Models.Parse("mlp:100", new InputShape(1, 1, 200), 3);
        long[] samples = [30, 50, 100, 700];
        var trainers = samples.Select((c, n) => StubTrainer.Moving((r, i) => Update(n, r, i), c)).ToArray();
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, 2, layout, ring), model);
        federation.JoinAll(trainers);

        await federation.CompleteAsync();

        float[] before = trainers[0].Received[new Round(2)];
        double[] weights = [.. samples.Select(c => (double)Math.Min(c, 100))];
        double unit = 0.5 / (Math.Pow(2, ring - 2 - 1) - 1);
        double bound = (layout == Layout.Plain ? 0 : Nodes * unit * 100 / weights.Sum()) + 1e-6;
        float[] after = federation.CommittedModel();
        for (int i = 0; i < after.Length; i++)
        {
            double mean = weights.Select((w, n) => w * Update(n, new Round(2), i)).Sum() / weights.Sum();
            Assert.InRange(after[i] - (before[i] + mean), -bound, bound);
        }

        AssertSameViews(federation, trainers);
        var totals = (await federation.Events.WhenAsync<CoordinatorEvent.Committed>()).Totals;
        Assert.Equal((280UL, 0UL, 440.0, 440UL, 880UL), (totals.SampleCount, totals.Clipped, totals.LossSum, totals.Correct, totals.Evaluated));
    }

    [Fact]
    public async Task Run_EmbeddedTrainers_Learns()
    {
        var data = Datasets.Load("generated:train=240,test=120,size=8,classes=3,modes=1,shift=0");
        var model = Models.Parse("softmax", data.Train.Input, 3);
        await using var federation = await Federation.StartAsync(Rules.Of(Nodes, 5) with { Training = Some.Plan(0) with { Epochs = 5, LearningRate = 0.3 } }, model, data.Test);
        using var turns = new SemaphoreSlim(2);
        int[][] parts = Partitioner.Split(data.Train, "iid", Nodes, 1);
        federation.JoinAll(parts.Select((p, i) => new EmbeddedTrainer($"n-{i}", data.Train.Subset(p), turns)));

        await federation.CompleteAsync();

        var last = await federation.Reports.WhenAsync<Relay.RoundReport>(r => r.Round == new Round(5));
        Assert.InRange(last.Accuracy, 0.6, 1);
        Assert.Equal((4, 4, 3), (last.Parties, last.Intersection, last.Leaders));
    }

    /// <summary>Every node was given the same W_t in every round, and the specification named it.</summary>
    private static void AssertSameViews(Federation federation, StubTrainer[] trainers)
    {
        foreach (var round in trainers[0].Received.Keys)
        {
            Assert.All(trainers, t => Assert.Equal(trainers[0].Received[round], t.Received[round]));
        }

        var hashes = federation.Members.Select(m => string.Join(' ', m.Specs.All.Select(s => s.ModelHash))).Distinct();
        Assert.Single(hashes);
    }

    private static int Sign(int node, Round round, int i) => Draw(node, round, i)[0] % 3 - 1;

    /// <summary>Within a tenth, well inside the clip.</summary>
    private static float Update(int node, Round round, int i) => (BitConverter.ToUInt16(Draw(node, round, i)) - 32768) / 327_680f;

    private static byte[] Draw(int node, Round round, int i) =>
        SHA256.HashData([(byte)node, (byte)round.Value, .. BitConverter.GetBytes(i)]);
}
