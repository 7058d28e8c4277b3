using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Federations;

/// <summary>What a federation finds of its columns, against the same computed over all examples in one place.</summary>
public sealed class StandardizeTests : IDisposable
{
    private const uint MaxSamples = 100;

    private static readonly Model Scaled = Models.Parse("standardized:softmax", WildTable.Input, 2);

    // Some below C_max, one above it.
    private static readonly Dataset[] Parties = [.. new[] { 30, 50, 90, 260 }.Select((rows, i) => WildTable.Of(rows, seed: i + 1))];

    private readonly SemaphoreSlim _turns = new(2);

    public void Dispose() => _turns.Dispose();

    [Theory]
    [InlineData(Layout.Masked, 32)]
    [InlineData(Layout.Masked, 16)]
    [InlineData(Layout.Rotating, 32)]
    [InlineData(Layout.Plain, 32)]
    public async Task Run_AnyLayout_FindsThePooledStatisticsAndKeepsThemThroughTraining(Layout layout, int ring)
    {
        var rules = RulesOf(rounds: 1, layout, ring);
        rules = rules with { Training = rules.Training with { Momentum = 0.5, WeightDecay = 0.1, Proximal = 0.1, Server = new ServerStep(ServerMethod.Adam, 0.1, 0.9, 0.99, 0.001) } };
        await using var federation = await Federation.StartAsync(rules, Scaled, WildTable.Of(50, seed: 9));
        federation.JoinAll(Parties.Select((p, i) => new EmbeddedTrainer($"n-{i}", p, _turns)));
        await federation.CompleteAsync();

        var (means, variances, trained) = (Checkpoint(federation, 1), Checkpoint(federation, 2), federation.CommittedModel());
        AssertPooled(Scaled.Initialise(1), means, ColumnStatistics.MeasureMeans, StatisticsEncoding.MeansClip, Parties, layout);
        AssertPooled(means, variances, ColumnStatistics.MeasureVariances, StatisticsEncoding.VariancesClip, Parties, layout);
        Assert.Equal(Scaled.Initialise(1)[Scaled.FixedLength..], variances[Scaled.FixedLength..]);
        Assert.Equal(variances[..Scaled.FixedLength], trained[..Scaled.FixedLength]);
        Assert.NotEqual(variances[Scaled.FixedLength..], trained[Scaled.FixedLength..]);

        // Training begins as if nothing had been before it.
        var specs = federation.Events.All.OfType<CoordinatorEvent.RoundStarted>().Select(e => e.Spec).ToArray();
        Assert.Equal([TrainingStage.Means, TrainingStage.Variances, TrainingStage.Training], specs.Select(s => s.Training.Stage));
        Assert.Equal((ring, 0.5), (specs[2].Encoding.RingBits, specs[2].Encoding.Clip));
        var reports = federation.Reports.All;
        Assert.Equal([true, true, false], reports.Select(r => double.IsNaN(r.Accuracy) && double.IsNaN(r.TrainingLoss)));
        Assert.Equal(new Round(3), federation.Server.Best!.Value.Round);
        Assert.Empty(federation.Events.All.OfType<CoordinatorEvent.StatisticsClipped>());
        Assert.Empty(federation.Events.All.OfType<CoordinatorEvent.Refused>());
    }

    [Fact]
    public async Task Run_WildScales_LearnsAllColumns()
    {
        var test = WildTable.Of(400, seed: 77);
        var rules = RulesOf(rounds: 6);
        await using var federation = await Federation.StartAsync(rules with { Training = rules.Training with { Epochs = 5, LearningRate = 0.3 } }, Scaled, test);
        federation.JoinAll(Parties.Select((p, i) => new EmbeddedTrainer($"n-{i}", p, _turns)));
        await federation.CompleteAsync();
        var last = await federation.Reports.WhenAsync<Relay.RoundReport>(r => r.Round == new Round(8));
        Assert.InRange(last.Accuracy, 0.93, 1);
    }

    [Fact]
    public async Task Run_ServerStoppedBetweenTheStages_GoesOnWithTheSecond()
    {
        await using var federation = await Federation.StartAsync(RulesOf(rounds: 1), Scaled);
        federation.JoinAll(Parties.Select((p, i) => Without(p, $"n-{i}", (_, cancellation) => Task.Delay(Timeout.Infinite, cancellation))));
        await federation.Events.WhenAsync<CoordinatorEvent.RoundStarted>(e => e.Spec.Training.Stage == TrainingStage.Variances);
        await federation.StopServerAsync();

        await federation.StartServerAsync(s => s with { Resume = true });
        int before = federation.Events.All.Count;
        foreach (var (party, i) in Parties.Select((p, i) => (p, i)))
        {
            federation.Join($"again-{i}", new EmbeddedTrainer($"n-{i}", party, _turns));
        }

        await federation.CompleteAsync();
        Assert.Equal(
            [TrainingStage.Variances, TrainingStage.Training],
            federation.Events.All.Skip(before).OfType<CoordinatorEvent.Committed>().Select(c => c.Stage));
        var means = Checkpoint(federation, 1);
        AssertPooled(Scaled.Initialise(1), means, ColumnStatistics.MeasureMeans, StatisticsEncoding.MeansClip, Parties, Layout.Masked);
        AssertPooled(means, Checkpoint(federation, 3), ColumnStatistics.MeasureVariances, StatisticsEncoding.VariancesClip, Parties, Layout.Masked);
    }

    [Fact]
    public async Task Run_PartyMissingInOneStage_IsMissingInThatAloneAndTrains()
    {
        await using var federation = await Federation.StartAsync(RulesOf(rounds: 1), Scaled);
        federation.JoinAll(Parties.Select((p, i) => i > 0
            ? (ITrainer)new EmbeddedTrainer($"n-{i}", p, _turns)
            : Without(p, "n-0", (_, _) => throw new InvalidOperationException("The disk is asleep."))));
        await federation.CompleteAsync();

        Assert.Equal([4, 3, 4], federation.Events.All.OfType<CoordinatorEvent.Committed>().Select(c => c.Intersection));
        var means = Checkpoint(federation, 1);
        AssertPooled(Scaled.Initialise(1), means, ColumnStatistics.MeasureMeans, StatisticsEncoding.MeansClip, Parties, Layout.Masked);
        AssertPooled(means, Checkpoint(federation, 2), ColumnStatistics.MeasureVariances, StatisticsEncoding.VariancesClip, Parties[1..], Layout.Masked);
    }

    [Fact]
    public async Task Run_ColumnBeyondTheClip_IsSaidLoudly()
    {
        await using var federation = await Federation.StartAsync(RulesOf(rounds: 1), Scaled);
        federation.JoinAll(Parties.Select((_, i) => new EmbeddedTrainer($"n-{i}", WildTable.Of(100, seed: i, stretch: 1e3), _turns)));
        await federation.CompleteAsync();

        // The last column's mean and magnitude, at every party: 1e12 and more.
        var clipped = Assert.Single(federation.Events.All.OfType<CoordinatorEvent.StatisticsClipped>(), c => c.Stage == TrainingStage.Means);
        Assert.Equal((8ul, StatisticsEncoding.MeansClip), (clipped.Values, clipped.Clip));
    }

    [Fact]
    public async Task Run_ColumnOfZerosAtEveryParty_IsMeasuredAsExactlyThat()
    {
        // The encoding's last bit in place of a zero would be a unit to divide by: whatever comes in that column later would drown all others.
        await using var federation = await Federation.StartAsync(RulesOf(rounds: 1), Scaled);
        federation.JoinAll(Parties.Select((p, i) => new EmbeddedTrainer($"n-{i}", WithZeros(p), _turns)));
        await federation.CompleteAsync();
        var found = Checkpoint(federation, 2);
        Assert.Equal((0f, 0f), (found[0], found[WildTable.Input.Length]));
        Assert.All(found[(WildTable.Input.Length + 1)..(2 * WildTable.Input.Length)], magnitude => Assert.NotEqual(0, magnitude));
    }

    private delegate void Measure(Model model, Dataset data, Span<float> parameters);

    private static CoordinatorRules RulesOf(int rounds, Layout layout = Layout.Masked, int ring = 32)
    {
        var rules = Rules.Of(Parties.Length, rounds, layout, ring);
        return rules with { Standardize = true, Encoding = rules.Encoding with { MaxSampleCount = MaxSamples } };
    }

    /// <summary>The same with nothing but zeros in the first column.</summary>
    private static Dataset WithZeros(Dataset data)
    {
        float[] features = [.. Enumerable.Range(0, data.Count).SelectMany(i => data.FeaturesOf(i).ToArray())];
        for (int i = 0; i < features.Length; i += data.Input.Length)
        {
            features[i] = 0;
        }

        return new Dataset(data.Input, data.Classes, features, [.. data.Labels]);
    }

    private static float[] Checkpoint(Federation federation, int round) =>
        Safetensors.Read(Path.Combine(Path.GetDirectoryName(federation.Server.NewestCheckpoint!)!, $"round-{round:D6}.safetensors")).Values;

    /// <summary>
    /// Within what the encoding resolves (one unit a party, weighted), and what float32 does to a party's value and to the result; plain updates are
    /// float32 differences besides.
    /// </summary>
    private static void AssertPooled(float[] before, float[] after, Measure measure, double clip, Dataset[] parties, Layout layout)
    {
        double[] weights = [.. parties.Select(p => (double)Math.Min(p.Count, MaxSamples))];
        float[][] own = [.. parties.Select(p => Measured(measure, p, before))];

        // Four were selected, hence two bits of carry.
        double unit = layout == Layout.Plain ? 0 : clip / (Math.Pow(2, 64 - 2 - 1) - 1);
        double resolution = parties.Length * unit * MaxSamples / weights.Sum();
        for (int i = 0; i < Scaled.FixedLength; i++)
        {
            double pooled = weights.Select((w, p) => w * own[p][i]).Sum() / weights.Sum();
            double largest = own.Max(o => Math.Abs((double)o[i])) + Math.Abs(before[i]);
            double bound = resolution + (Math.Pow(2, -23) * largest);
            Assert.True(Math.Abs(after[i] - pooled) <= bound, $"{i}: {after[i]} instead of {pooled}, further off than {bound}");
        }
    }

    private static float[] Measured(Measure measure, Dataset party, float[] before)
    {
        float[] own = [.. before];
        measure(Scaled, party, own);
        return own;
    }

    /// <summary>A party that does something else when it is asked for variances.</summary>
    private StubTrainer Without(Dataset party, string name, Func<RoundSpec, CancellationToken, Task> instead)
    {
        var embedded = new EmbeddedTrainer(name, party, _turns);
        Assert.Null(embedded.Objection(new JobTerms(Scaled.Name, Scaled.Input, 2, Scaled.Layout, Layout.Masked, 3, 3)));
        return new StubTrainer(async (spec, parameters, cancellation) =>
        {
            if (spec.Training.Stage == TrainingStage.Variances)
            {
                await instead(spec, cancellation);
            }

            return await embedded.TrainAsync(parameters, spec, cancellation);
        });
    }
}
