namespace DemoFl.Protocol;

/// <summary>What institutions agree on (DESIGN section 8). Nothing is true before it is committed.</summary>
public abstract record Agreement
{
    private Agreement()
    {
    }

    /// <summary>These leaders hold the slots. Only a committed set is used: the vote that made it has no quorum of its own.</summary>
    public sealed record LeadersSeated(LeaderSet Leaders) : Agreement;

    /// <summary>The round is over: H(B) of its intersection and H(W) of the model that came of it.</summary>
    public sealed record RoundCommitted(Round Round, Hash256 Intersection, Hash256 Model) : Agreement;

    /// <summary>
    /// A coordinator's first entry, Raft's no-op: when it is committed, so is everything before it, and its proposer knows all that was ever agreed
    /// (section 8 of the paper).
    /// </summary>
    public sealed record BallotOpened : Agreement;
}
