using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>What a party makes of the rounds it is selected for.</summary>
internal enum Habit
{
    /// <summary>Trains and uploads in time.</summary>
    Diligent,

    /// <summary>Its trainer fails, so it declines.</summary>
    Failing,

    /// <summary>Its owner's floor is above the job's, so it declines before training. Such a node does not lead.</summary>
    Strict,

    /// <summary>Never finishes training.</summary>
    Silent,

    /// <summary>Finishes after the upload deadline.</summary>
    Late,
}

/// <summary>Something that happens to one process, or to one node's control stream.</summary>
internal enum Trouble
{
    /// <summary>The process goes for good, if the rest can do without it; otherwise it restarts.</summary>
    Leave,

    /// <summary>The process goes and comes back with a new incarnation.</summary>
    Restart,

    /// <summary>A control stream breaks; the same machine is back on a new one.</summary>
    Reconnect,
}

/// <summary>A trouble, when it strikes, and whether it strikes a leader or somebody else.</summary>
internal sealed record Disturbance(TimeSpan At, Trouble Trouble, bool OfLeader);

/// <summary>Everything a seed decides about one run, except the draws made while it runs.</summary>
internal sealed record Scenario(
    ulong Seed, int Nodes, int NodesPerProcess, int LateJoiners, TimeSpan LongestDelay, CoordinatorRules Rules,
    ImmutableArray<Habit> Habits, ImmutableArray<Disturbance> Disturbances)
{
    public int Diligent => Habits.Count(h => h == Habit.Diligent);

    public int Capable(int nodes) => (nodes + NodesPerProcess - 1) / NodesPerProcess;

    /// <summary>Even if every unreliable party were selected, enough others are.</summary>
    public bool MustSucceed(int leftForGood)
    {
        int fewest = Nodes - LateJoiners - leftForGood;
        int selected = Math.Max((int)Math.Ceiling(fewest * Rules.Fraction), Math.Min(Rules.KMin, fewest));
        return selected - (Nodes - Diligent) >= Rules.KMin;
    }

    /// <summary>k_min is out of reach.</summary>
    public bool MustFail => Diligent < Rules.KMin;

    /// <summary>Every phase of every attempt used up to its deadline, and once more for each disturbance.</summary>
    public TimeSpan LongestRun => (Rules.ElectionWindow + LongestElectionGrace + Rules.KeyDeadline + Rules.UploadDeadline + Rules.CloseDeadline)
        * (Rules.AllRounds + Rules.MaxConsecutiveAborts + (2 * Disturbances.Length)) + LastDisturbance;

    public override string ToString() =>
        $"seed {Seed}: {Nodes} nodes ({NodesPerProcess} per process, {LateJoiners} late), {Rules.Leaders} leaders {Rules.Election}, "
        + $"{Rules.Layout}, fraction {Rules.Fraction}, k_min {Rules.KMin}, {Rules.Rounds} rounds{(Rules.Standardize ? " after two of statistics" : "")}, "
        + $"habits [{string.Join(' ', Habits.Where(h => h != Habit.Diligent))}], troubles [{string.Join(' ', Disturbances.Select(d => d.Trouble))}]";

    private static readonly TimeSpan LongestElectionGrace = TimeSpan.FromSeconds(2);

    private TimeSpan LastDisturbance => Disturbances.Select(d => d.At).DefaultIfEmpty().Max();
}
