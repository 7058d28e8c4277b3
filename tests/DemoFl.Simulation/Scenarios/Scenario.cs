using System.Collections.Immutable;

namespace DemoFl.Simulation;

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

    /// <summary>Finishes after the upload deadline, even if a reorganisation extends it.</summary>
    Late,
}

/// <summary>Everything that goes wrong in one run, and when it stops.</summary>
/// <param name="Faults">What goes wrong all the time.</param>
/// <param name="LongestDelay">Of a message on a slow link.</param>
/// <param name="Disturbances">What happens once each.</param>
/// <param name="HealedAt">From then on nothing goes wrong any more: links deliver, processes are back.</param>
internal sealed record Swarm(Faults Faults, TimeSpan LongestDelay, ImmutableArray<Disturbance> Disturbances, TimeSpan HealedAt)
{
    public static readonly Swarm None = new(Faults.None, TimeSpan.Zero, [], TimeSpan.Zero);
}

/// <summary>Everything a seed decides about one run, except the draws made while it runs.</summary>
internal sealed record Scenario(
    ulong Seed, int Nodes, int NodesPerProcess, int LateJoiners, CoordinatorRules Rules, ImmutableArray<Habit> Habits, Swarm Swarm, EvilPlan? Evil = null)
{
    /// <summary>Rounds that may be lost after the network is healed: one under way, one by the leaders of it, and what their replacement costs.</summary>
    private const int LostRounds = 6;

    private static readonly TimeSpan LongestElectionGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(5);

    public int Processes => (Nodes + NodesPerProcess - 1) / NodesPerProcess;

    public int Diligent => Habits.Count(h => h == Habit.Diligent);

    /// <summary>Even if every unreliable party were selected, enough others are.</summary>
    public bool MustSucceed(int leftForGood)
    {
        int fewest = Nodes - LateJoiners - leftForGood;
        int selected = Math.Max((int)Math.Ceiling(fewest * Rules.Fraction), Math.Min(Rules.KMin, fewest));
        return Evil is null && selected - (Nodes - Diligent) >= Rules.KMin;
    }

    /// <summary>k_min is out of reach.</summary>
    public bool MustFail => Diligent < Rules.KMin;

    /// <summary>Every phase of a round and of what comes before it, used up to its deadline.</summary>
    public TimeSpan LongestRound => Rules.ElectionWindow + LongestElectionGrace + Rules.KeyDeadline + LongestOpenRound;

    /// <summary>
    /// From a round's opening to its end: uploads, a reorganisation while they last and one after them, closing, releasing (promise L2).
    /// </summary>
    public TimeSpan LongestOpenRound => Rules.UploadDeadline + (Rules.CloseDeadline * (3 + LeaderCare.MaxReplacements)) + (2 * (Rules.ElectionWindow
        + LongestElectionGrace + Rules.KeyDeadline)) + Slack;

    /// <summary>Once healed, a run that can succeed does so soon; one that cannot gives up.</summary>
    public TimeSpan LongestRun => Swarm.HealedAt + (LongestRound
        * (Rules.AllRounds + (MustSucceed(0) ? LostRounds : Rules.AllRounds * Rules.MaxConsecutiveAborts)));

    public override string ToString() =>
        $"seed {Seed}: {Nodes} nodes ({NodesPerProcess} per process, {LateJoiners} late), {Rules.Leaders} leaders {Rules.Election}, "
        + $"{Rules.Layout}, fraction {Rules.Fraction}, k_min {Rules.KMin}, {Rules.Rounds} rounds{(Rules.Standardize ? " after two of statistics" : "")}, "
        + $"on loss {Rules.Care.OnLoss}, tenure {Rules.Care.Tenure}{(Rules.Care.LeadersIntersect ? ", leaders intersect" : "")}, "
        + $"habits [{string.Join(' ', Habits.Where(h => h != Habit.Diligent))}]\n  faults {Swarm.Faults} until {Swarm.HealedAt.TotalSeconds:0.0} s, troubles "
        + $"[{string.Join("; ", Swarm.Disturbances)}]{(Evil is null ? "" : $"\n  {Evil}")}";
}
