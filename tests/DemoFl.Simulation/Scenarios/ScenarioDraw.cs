using System.Collections.Immutable;

namespace DemoFl.Simulation;

/// <summary>
/// Draws a scenario from a seed. A third of them are of an evil server, one in eight of the others is hopeless (too few parties ever upload).
/// </summary>
internal static class ScenarioDraw
{
    public static Scenario From(ulong seed)
    {
        var draw = Randomness.For(seed, "scenario");
        bool evil = draw.OneIn(3);
        int nodes = draw.OneIn(3) ? draw.Between(8, 20) : draw.Between(3, 8);
        int late = nodes > 5 && draw.OneIn(3) ? draw.Between(1, nodes / 3) : 0;
        int early = nodes - late;
        int perProcess = draw.OneIn(4) ? draw.Between(2, 3) : 1;
        int leaders = Math.Min(draw.Between(evil ? 2 : 1, 5), (early + perProcess - 1) / perProcess);
        int kMin = draw.Between(3, Math.Min(5, early));
        bool hopeless = !evil && draw.OneIn(8);
        var rules = Rules(draw, seed, leaders, early, kMin);
        var habits = Habits(draw, nodes, perProcess, hopeless ? nodes - kMin + 1 : draw.OneIn(2) ? 0 : draw.Between(0, nodes - kMin));
        var swarm = SwarmDraw.From(Randomness.For(seed, "swarm"), evil);
        var plan = evil ? EvilPlan.From(Randomness.For(seed, "evil"), leaders, perProcess, early) : null;
        if (plan is not null && Randomness.For(seed, "second lives") is var lives && lives.OneIn(30))
        {
            plan = plan with { SecondLives = true };
            swarm = SwarmDraw.RestartOfParty(lives);
        }

        if (evil)
        {
            (rules, habits) = (rules with { Rounds = Math.Min(2, rules.Rounds) }, [.. habits.Select(h => h == Habit.Late ? Habit.Diligent : h)]);
        }

        var scenario = new Scenario(seed, nodes, perProcess, late, rules, habits, swarm, plan);

        // A run that may succeed must not give up while things still go wrong.
        return scenario.MustSucceed(0) ? scenario with { Rules = rules with { MaxConsecutiveAborts = 1000 } } : scenario;
    }

    private static CoordinatorRules Rules(SplitMix64 draw, ulong seed, int leaders, int early, int kMin) => new(
        new RunId(Randomness.For(seed, "run").Next128()), leaders, draw.OneIn(3) ? ElectionMode.Appointed : ElectionMode.First,
        ElectionWindow: TimeSpan.FromMilliseconds(draw.OneIn(4) ? 0 : 500), KeyDeadline: TimeSpan.FromSeconds(3), MinimumNodes: early,
        Fraction: draw.OneIn(2) ? 1.0 : draw.Between(3, 9) / 10.0, kMin, Kind(draw),
        new EncodingRules(RingBits: 32, Clip: 0.5, MaxSampleCount: 1000, LossFractionBits: 16, MinClip: 1.0 / 1024, MaxClip: 1024),
        new TrainingPlan("softmax", Ring.Dimension, Epochs: 1, BatchSize: 32, LearningRate: 0.05, Momentum: 0, WeightDecay: 0, Seed: draw.Next()),
        UploadDeadline: TimeSpan.FromSeconds(5), CloseDeadline: TimeSpan.FromSeconds(3), Rounds: draw.Between(1, 4), MaxConsecutiveAborts: 5,
        Standardize: draw.OneIn(6))
    {
        Care = new LeaderCare(
            Heartbeat: TimeSpan.FromMilliseconds(draw.OneIn(2) ? 500 : 200), MissedBeats: draw.Between(2, 4),
            OnLoss: draw.OneIn(5) ? LossPolicy.Abort : LossPolicy.Reseal, Tenure: draw.OneIn(3) ? 0 : draw.Between(1, 4), LeadersIntersect: draw.OneIn(3)),
    };

    private static Layout Kind(SplitMix64 draw) => draw.Below(10) switch
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
}
