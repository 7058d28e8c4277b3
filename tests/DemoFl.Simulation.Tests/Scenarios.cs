namespace DemoFl.Simulation.Tests;

/// <summary>Scenarios made by hand: nothing goes wrong but what a test adds.</summary>
internal static class Scenarios
{
    public static Scenario Calm(int nodes = 6, int leaders = 3, Layout layout = Layout.Masked, ulong seed = 1) => new(
        seed, nodes, NodesPerProcess: 1, LateJoiners: 0,
        new CoordinatorRules(
            new RunId(seed), leaders, ElectionMode.First, ElectionWindow: TimeSpan.FromMilliseconds(500), KeyDeadline: TimeSpan.FromSeconds(3),
            MinimumNodes: nodes, Fraction: 1, KMin: 3, layout,
            new EncodingRules(RingBits: 32, Clip: 0.5, MaxSampleCount: 1000, LossFractionBits: 16, MinClip: 1.0 / 1024, MaxClip: 1024),
            new TrainingPlan("softmax", Ring.Dimension, Epochs: 1, BatchSize: 32, LearningRate: 0.05, Momentum: 0, WeightDecay: 0, Seed: seed),
            UploadDeadline: TimeSpan.FromSeconds(5), CloseDeadline: TimeSpan.FromSeconds(3), Rounds: 3, MaxConsecutiveAborts: 1000),
        [.. Enumerable.Repeat(Habit.Diligent, nodes)], Swarm.None);

    public static Scenario With(this Scenario scenario, Disturbance disturbance) =>
        scenario with { Swarm = new Swarm(Faults.None, TimeSpan.Zero, [disturbance], TimeSpan.FromSeconds(20)) };

    /// <summary>Runs it; a broken promise fails the test with the run's last events.</summary>
    public static Outcome Ran(this Scenario scenario)
    {
        var run = Simulations.Run(scenario);
        Assert.True(run.Violation is null, $"{run}");
        return run.Outcome!;
    }
}
