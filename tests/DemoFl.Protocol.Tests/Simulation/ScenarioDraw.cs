using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>Draws a scenario from a seed. One in eight is hopeless: too few parties ever upload.</summary>
internal static class ScenarioDraw
{
    public static Scenario From(ulong seed)
    {
        var draw = Randomness.For(seed, "scenario");
        int nodes = draw.Between(3, 20);
        int late = nodes > 5 && draw.OneIn(3) ? draw.Between(1, nodes / 3) : 0;
        int early = nodes - late;
        int perProcess = draw.OneIn(3) ? draw.Between(2, 3) : 1;
        int leaders = Math.Min(draw.Between(1, 5), (early + perProcess - 1) / perProcess);
        int kMin = draw.Between(3, Math.Min(5, early));
        bool hopeless = draw.OneIn(8);
        return new Scenario(
            seed, nodes, perProcess, late, TimeSpan.FromMilliseconds(draw.OneIn(3) ? 100 : 10), Rules(draw, seed, leaders, early, kMin),
            Habits(draw, nodes, perProcess, hopeless ? nodes - kMin + 1 : draw.OneIn(2) ? 0 : draw.Between(0, nodes - kMin)),
            Disturbances(draw));
    }

    private static CoordinatorRules Rules(SplitMix64 draw, ulong seed, int leaders, int early, int kMin) => new(
        new RunId(Randomness.For(seed, "run").Next128()), leaders, draw.OneIn(3) ? ElectionMode.Appointed : ElectionMode.First,
        ElectionWindow: TimeSpan.FromMilliseconds(draw.OneIn(4) ? 0 : 500), KeyDeadline: TimeSpan.FromSeconds(3), MinimumNodes: early,
        Fraction: draw.OneIn(2) ? 1.0 : draw.Between(3, 9) / 10.0, kMin, Kind(draw),
        new EncodingRules(RingBits: 32, Clip: 0.5, MaxSampleCount: 1000, LossFractionBits: 16, MinClip: 1.0 / 1024, MaxClip: 1024),
        new TrainingPlan("softmax", Ring.Dimension, Epochs: 1, BatchSize: 32, LearningRate: 0.05, Momentum: 0, WeightDecay: 0, Seed: draw.Next()),
        UploadDeadline: TimeSpan.FromSeconds(5), CloseDeadline: TimeSpan.FromSeconds(2), Rounds: draw.Between(2, 4), MaxConsecutiveAborts: 8,
        Standardize: draw.OneIn(3))
    {
        Care = LeaderCare.Default with { OnLoss = LossPolicy.Abort },
    };

    private static Layout Kind(SplitMix64 draw) => draw.Below(8) switch
    {
        0 => Layout.Plain,
        <= 3 => Layout.Rotating,
        _ => Layout.Masked,
    };

    private static ImmutableArray<Habit> Habits(SplitMix64 draw, int nodes, int perProcess, int unreliable)
    {
        var habits = new Habit[nodes];
        foreach (int i in draw.Draw([.. Enumerable.Range(0, nodes)], unreliable))
        {
            var habit = (Habit)draw.Between(1, 4);
            bool leads = i % perProcess == 0;
            habits[i] = habit == Habit.Strict && leads ? Habit.Failing : habit;
        }

        return [.. habits];
    }

    private static ImmutableArray<Disturbance> Disturbances(SplitMix64 draw) =>
    [
        .. Enumerable.Range(0, draw.OneIn(2) ? 0 : draw.Between(1, 4)).Select(_ => new Disturbance(
            draw.UpTo(TimeSpan.FromSeconds(8)), (Trouble)draw.Below(3), OfLeader: draw.OneIn(2))),
    ];
}
