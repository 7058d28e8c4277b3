using DemoFl.Protocol;
using DemoFl.Simulation;

namespace DemoFl.Figures.Messages;

/// <summary>The messages of one fault-free run: the real machines of the coordinator and of all nodes, in virtual time.</summary>
/// <param name="Layout">How updates reach the sum.</param>
/// <param name="Nodes">N; all of them are parties of every round.</param>
/// <param name="Leaders">N_l.</param>
/// <param name="Rounds">Committed rounds.</param>
/// <param name="Counts">Messages of each kind, over the whole run.</param>
internal sealed record MessageCount(Layout Layout, int Nodes, int Leaders, int Rounds, SortedDictionary<MessageKind, long> Counts)
{
    /// <summary>All messages of the election and the key agreement.</summary>
    public long SetUp => Sum(k => k < MessageKind.Model);

    /// <summary>The messages that the papers count too, over all rounds.</summary>
    public long Core => Sum(k => k is >= MessageKind.Model and <= MessageKind.Sum);

    /// <summary>All messages of all rounds.</summary>
    public long InRounds => Sum(k => k >= MessageKind.Model);

    /// <summary>n + n * N_l + 3 * N_l, a round, as the papers count.</summary>
    public long Formula => (Nodes + ((long)Nodes * Leaders) + (3L * Leaders)) * Rounds;

    public long Of(MessageKind kind) => Counts.GetValueOrDefault(kind);

    /// <exception cref="FigureException">The run did not commit every round at the first try.</exception>
    public static MessageCount Run(Layout layout, int nodes, int leaders, int rounds, ulong seed)
    {
        var trace = new MessageTrace();
        var outcome = new Federation(ScenarioOf(layout, nodes, leaders, rounds, seed), trace).Run();
        int committed = outcome.Reports.Count(r => r is CoordinatorEvent.Committed c && c.Intersection == nodes);
        return outcome.Succeeded && committed == rounds
            ? new MessageCount(layout, nodes, leaders, rounds, new(trace.Counts.ToDictionary()))
            : throw new FigureException($"A run of {nodes} nodes without faults committed {committed} of {rounds} rounds: {outcome.Reason}");
    }

    /// <summary>A run without faults.</summary>
    public static Scenario ScenarioOf(Layout layout, int nodes, int leaders, int rounds, ulong seed)
    {
        var rules = new CoordinatorRules(
            new RunId(seed), leaders, ElectionMode.First, ElectionWindow: TimeSpan.FromMilliseconds(500), KeyDeadline: TimeSpan.FromSeconds(10),
            MinimumNodes: nodes, Fraction: 1, KMin: 3, layout,
            new EncodingRules(RingBits: 32, Clip: 0.5, MaxSampleCount: 1000, LossFractionBits: 16, MinClip: 1.0 / 1024, MaxClip: 1024),
            new TrainingPlan("softmax", Ring.Dimension, Epochs: 1, BatchSize: 32, LearningRate: 0.05, Momentum: 0, WeightDecay: 0, Seed: seed),
            UploadDeadline: TimeSpan.FromSeconds(5), CloseDeadline: TimeSpan.FromSeconds(5), rounds)
        {
            // One leader set for the whole run, as the papers' formula has it.
            Care = LeaderCare.Default with { Tenure = 0 },
        };
        return new Scenario(seed, nodes, NodesPerProcess: 1, LateJoiners: 0, rules, [.. Enumerable.Repeat(Habit.Diligent, nodes)], Swarm.None);
    }

    private long Sum(Func<MessageKind, bool> counts) => Counts.Where(c => counts(c.Key)).Sum(c => c.Value);
}
