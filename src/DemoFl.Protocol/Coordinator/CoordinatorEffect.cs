using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// What a coordinator wants done, in order: an effect starts only when the ones before it are finished, so a
/// <see cref="Journal"/> is durable before the sends behind it. Long work is answered by an input.
/// </summary>
public abstract record CoordinatorEffect
{
    private CoordinatorEffect()
    {
    }

    /// <summary>Append, fsync, and only then go on. A failed fsync stops the process.</summary>
    public sealed record Journal(JournalEntry Entry) : CoordinatorEffect;

    /// <summary>Tell one node.</summary>
    public sealed record Send(NodeId To, ServerMessage Message) : CoordinatorEffect;

    /// <summary>Tell every node present.</summary>
    public sealed record Broadcast(ServerMessage Message) : CoordinatorEffect;

    /// <summary>Accept vectors for this round.</summary>
    public sealed record AcceptVectors(RoundSpec Spec) : CoordinatorEffect;

    /// <summary>
    /// Add up the vectors of <paramref name="Intersection"/> and make {round, leaders, attempt, B, the sum, digests} durable; answered by
    /// <see cref="CoordinatorInput.ClosingPrepared"/>.
    /// </summary>
    public sealed record PrepareClosing(
        RoundSpec Spec, LeaderSet? Leaders, Attempt Attempt, PartySet Intersection, ImmutableArray<SignedDigest> Digests) : CoordinatorEffect;

    /// <summary>Accept sums from the leaders of this attempt.</summary>
    public sealed record AcceptSums(Round Round, Attempt Attempt, LeaderSet Leaders) : CoordinatorEffect;

    /// <summary>
    /// Add the leaders' sums, apply, and make checkpoint and commit record durable; answered by <see cref="CoordinatorInput.CommitDone"/>
    /// or <see cref="CoordinatorInput.CommitFailed"/>.
    /// </summary>
    public sealed record CommitRound(RoundSpec Spec, PartySet Intersection) : CoordinatorEffect;

    /// <summary>Forget the round's vectors and sums.</summary>
    public sealed record DiscardRound(Round Round) : CoordinatorEffect;

    /// <summary>For people: the machine's phase, with numbers.</summary>
    public sealed record Report(CoordinatorEvent Event) : CoordinatorEffect;

    /// <summary>The run is over.</summary>
    public sealed record Finish(bool Succeeded, string Reason) : CoordinatorEffect;
}

/// <summary>What the machine itself journals. Closings and commits are journaled by the host, with what it computed.</summary>
public abstract record JournalEntry
{
    private JournalEntry()
    {
    }

    /// <summary>A term number is used up, whether or not a leader set comes of it.</summary>
    public sealed record TermOpened(Term Term) : JournalEntry;

    /// <summary>A round number is used up.</summary>
    public sealed record RoundOpened(Round Round) : JournalEntry;

    /// <summary>The round changed nothing.</summary>
    public sealed record RoundAborted(Round Round, string Reason) : JournalEntry;
}

/// <summary>What an operator would want to see, as it happens.</summary>
public abstract record CoordinatorEvent
{
    private CoordinatorEvent()
    {
    }

    /// <summary>Not enough nodes yet.</summary>
    public sealed record WaitingForNodes(int Present, int Needed) : CoordinatorEvent;

    /// <summary>Enough nodes, but in too few processes for one slot each.</summary>
    public sealed record WaitingForCandidates(int Processes, int Needed) : CoordinatorEvent;

    /// <summary>An election opened.</summary>
    public sealed record ElectionStarted(Term Term) : CoordinatorEvent;

    /// <summary>A leader set is seated.</summary>
    public sealed record LeadersSeated(LeaderSet Leaders, TimeSpan Took) : CoordinatorEvent;

    /// <summary>Key agreement ended with this many nodes ready.</summary>
    public sealed record KeysReady(Term Term, int Nodes, int Absent, TimeSpan Took) : CoordinatorEvent;

    /// <summary>A round opened.</summary>
    public sealed record RoundStarted(RoundSpec Spec) : CoordinatorEvent;

    /// <summary>A round that was closing when an earlier process of this run ended waits for its leaders' sums.</summary>
    public sealed record RoundTakenUp(Round Round, int Leaders) : CoordinatorEvent;

    /// <summary>A round entered a stage.</summary>
    public sealed record StageReached(Round Round, RoundStage Stage, int Parties) : CoordinatorEvent;

    /// <summary>A party or leader will not take part.</summary>
    public sealed record Refused(Round Round, NodeId Node, string Reason) : CoordinatorEvent;

    /// <summary>A round committed.</summary>
    public sealed record Committed(
        Round Round, int Selected, int Intersection, RoundTotals Totals, TimeSpan Took, TrainingStage Stage = TrainingStage.Training) : CoordinatorEvent;

    /// <summary>
    /// Some parties' columns are beyond what a round before training can carry, and their statistics were cut there: those columns are not standardised
    /// as they should be.
    /// </summary>
    public sealed record StatisticsClipped(Round Round, TrainingStage Stage, ulong Values, double Clip) : CoordinatorEvent;

    /// <summary>A round changed nothing.</summary>
    public sealed record Aborted(Round Round, string Reason) : CoordinatorEvent;

    /// <summary>A leader is gone, and why.</summary>
    public sealed record LeaderLost(Term Term, Slot Slot, NodeId Node, string Reason) : CoordinatorEvent;

    /// <summary>The round waits while a lost slot is filled anew.</summary>
    public sealed record Reorganising(Round Round, Term Term, Slot Slot) : CoordinatorEvent;

    /// <summary>The slot has a new holder, and every surviving leader has agreed.</summary>
    public sealed record Replaced(Round Round, Term Term, Slot Slot, NodeId Holder, TimeSpan Took) : CoordinatorEvent;

    /// <summary>
    /// The round goes on, with the parties that have resealed; nobody trained again. <paramref name="Took"/> is measured from the leader's loss.
    /// </summary>
    public sealed record Resumed(Round Round, Term Term, int Resealed, TimeSpan Took) : CoordinatorEvent;

    /// <summary>A slot is handed on because its holder has served long enough.</summary>
    public sealed record TenureOver(Term Term, Slot Slot, NodeId Holder) : CoordinatorEvent;
}

/// <summary>The stages of a round at the coordinator.</summary>
public enum RoundStage
{
    /// <summary>Parties train and upload.</summary>
    Uploading,

    /// <summary>A slot was filled anew after the uploads; parties reseal to its holder.</summary>
    Resealing,

    /// <summary>Leaders report B_j.</summary>
    Intersecting,

    /// <summary>Leaders exchange digests.</summary>
    Agreeing,

    /// <summary>The closing record becomes durable.</summary>
    Closing,

    /// <summary>Leaders send their sums.</summary>
    Releasing,

    /// <summary>The new model becomes durable.</summary>
    Committing,

    /// <summary>Over, one way or the other.</summary>
    Ended,
}
