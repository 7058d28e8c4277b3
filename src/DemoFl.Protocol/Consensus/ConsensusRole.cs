namespace DemoFl.Protocol;

/// <summary>What an institution is in the current ballot (figure 4; the second role is thesis section 9.6).</summary>
public enum ConsensusRole
{
    /// <summary>Answers, and waits for word from a coordinator.</summary>
    Follower = 1,

    /// <summary>Has heard of none for too long, and asks whether the others would vote for it.</summary>
    PreCandidate = 2,

    /// <summary>Asks for votes.</summary>
    Candidate = 3,

    /// <summary>Won the ballot: it alone proposes in it. (Raft's leader; leaders here hold shares.)</summary>
    Coordinator = 4,
}
