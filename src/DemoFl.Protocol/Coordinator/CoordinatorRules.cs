namespace DemoFl.Protocol;

/// <summary>How leaders come about (DESIGN section 7).</summary>
public enum ElectionMode
{
    /// <summary>DemoFL: the first N_l self-recommendations after a random wait.</summary>
    First = 1,

    /// <summary>SOFL: a random draw by the coordinator.</summary>
    Appointed = 2,
}

/// <summary>What becomes of a round that loses a leader (DESIGN section 7).</summary>
public enum LossPolicy
{
    /// <summary>The slot is filled anew and the parties reseal to its holder; at most one slot a round.</summary>
    Reseal = 1,

    /// <summary>The round is given up; the next one opens under new leaders.</summary>
    Abort = 2,
}

/// <summary>How leaders are watched, replaced and relieved (DESIGN section 7).</summary>
/// <param name="Heartbeat">t_h, between two beats to a leader, 50 ms to 1 min.</param>
/// <param name="MissedBeats">After so many unanswered beats in a row a leader is lost, 1 to 100.</param>
/// <param name="OnLoss">What becomes of the round.</param>
/// <param name="Tenure">Rounds after which the longest-serving slot is handed on; 0 for never.</param>
/// <param name="LeadersIntersect">SOFL: the leaders exchange B_j among themselves, and the coordinator proposes nothing.</param>
public sealed record LeaderCare(
    TimeSpan Heartbeat, int MissedBeats = 3, LossPolicy OnLoss = LossPolicy.Reseal, int Tenure = 10, bool LeadersIntersect = false)
{
    /// <summary>R: slots that may be filled anew in one round; each costs one tolerated corrupt leader (promise P4).</summary>
    public const int MaxReplacements = 1;

    /// <summary>DESIGN section 13.</summary>
    public static readonly LeaderCare Default = new(TimeSpan.FromMilliseconds(500));
}

/// <summary>
/// What a run is governed by. Validated by the host before the machine is made.
/// </summary>
/// <param name="Run">The run.</param>
/// <param name="Leaders">N_l, 1 to 15; ignored (no leaders) in the plain layout.</param>
/// <param name="Election">How leaders come about.</param>
/// <param name="ElectionWindow">In which candidates wait, 0 to 5 s.</param>
/// <param name="KeyDeadline">From the leader set to the last confirmed channel; who is late is eligible later.</param>
/// <param name="MinimumNodes">Nodes to wait for before the first election.</param>
/// <param name="Fraction">Of the keyed nodes, selected each round, above 0 up to 1.</param>
/// <param name="KMin">The smallest |B|.</param>
/// <param name="Layout">How updates reach the sum.</param>
/// <param name="Encoding">How updates are encoded in the first round.</param>
/// <param name="Training">What parties do.</param>
/// <param name="UploadDeadline">From a round's opening to the end of uploads.</param>
/// <param name="CloseDeadline">From the end of uploads to the commit.</param>
/// <param name="Rounds">Training rounds to commit.</param>
/// <param name="MaxConsecutiveAborts">After which the run fails.</param>
/// <param name="Target">What ends the run before its last round, or null.</param>
/// <param name="Standardize">Whether the columns' means and variances are found before training, by two rounds over everyone.</param>
public sealed record CoordinatorRules(
    RunId Run, int Leaders, ElectionMode Election, TimeSpan ElectionWindow, TimeSpan KeyDeadline, int MinimumNodes, double Fraction, int KMin,
    Layout Layout, EncodingRules Encoding, TrainingPlan Training, TimeSpan UploadDeadline, TimeSpan CloseDeadline, int Rounds,
    int MaxConsecutiveAborts = 20, StopTarget? Target = null, bool Standardize = false)
{
    /// <summary>How leaders are watched, replaced and relieved.</summary>
    public LeaderCare Care { get; init; } = LeaderCare.Default;

    /// <summary>N_l as it takes effect: the plain layout has no leaders.</summary>
    public int EffectiveLeaders => Layout == Layout.Plain ? 0 : Leaders;

    /// <summary>The rounds before training.</summary>
    public int StatisticsRounds => Standardize ? 2 : 0;

    /// <summary>Rounds to commit in all.</summary>
    public int AllRounds => Rounds + StatisticsRounds;

    /// <summary>What the round after so many committed ones is for: a resumed run goes on where it stopped.</summary>
    public TrainingStage StageAfter(int committedRounds) => (Standardize, committedRounds) switch
    {
        (true, 0) => TrainingStage.Means,
        (true, 1) => TrainingStage.Variances,
        _ => TrainingStage.Training,
    };
}

/// <summary>
/// Where a run stands, from its journal: the highest numbers ever opened, what is committed, how good that is where it is known, and the round that was closing.
/// </summary>
public sealed record CoordinatorProgress(
    Term LastTerm, Round LastRound, int CommittedRounds, Hash256 ModelHash, double Clip, Judgement? Judged = null, UnfinishedRound? Unfinished = null);

/// <summary>
/// A round whose closing record is durable and whose end is not: all leaders have signed its intersection, and those whose processes live still have their sums.
/// </summary>
public sealed record UnfinishedRound(RoundSpec Spec, LeaderSet Leaders, Attempt Attempt, PartySet Intersection);
