namespace DemoFl.Protocol;

/// <summary>
/// What an institution is in its ballot, and by which rules it becomes something else (section 5.2; figure 2, RequestVote; thesis section 9.6).
/// </summary>
internal sealed class Election
{
    private readonly ConsensusRules _rules;
    private readonly SplitMix64 _randomness;
    private readonly HashSet<NodeId> _votes = [];
    private TimeSpan _heard;

    public Election(ConsensusRules rules, HardState state, ulong entropy, TimeSpan now)
    {
        (_rules, _randomness, State) = (rules, new SplitMix64(entropy), state);
        Wait(now);
    }

    public HardState State { get; private set; }

    public ConsensusRole Role { get; private set; } = ConsensusRole.Follower;

    public NodeId? Coordinator { get; private set; }

    /// <summary>When this institution stands, or stands again.</summary>
    public TimeSpan At { get; private set; }

    /// <summary>Between one and two election timeouts from now, so that rarely two stand at once (section 5.2).</summary>
    public void Wait(TimeSpan now) =>
        At = now + _rules.ElectionTimeout + TimeSpan.FromMicroseconds(_randomness.Below((int)_rules.ElectionTimeout.TotalMicroseconds));

    /// <summary>In a higher ballot nobody is known to coordinate, and no vote is given (section 5.1).</summary>
    public void Enter(Ballot ballot)
    {
        State = new HardState(ballot, null);
        Withdraw();
    }

    public void Withdraw() => (Role, Coordinator) = (ConsensusRole.Follower, null);

    /// <summary>There is a coordinator of this ballot.</summary>
    public void Follow(NodeId coordinator, TimeSpan now)
    {
        (Role, Coordinator, _heard) = (ConsensusRole.Follower, coordinator, now);
        Wait(now);
    }

    /// <summary>Who has a coordinator helps nobody to another: a member that was away must not disturb those that agree (thesis section 9.6).</summary>
    public ConsensusMessage.PreVoteReply Answer(ConsensusMessage.PreVoteRequest m, LogPosition last, TimeSpan now)
    {
        bool contented = Role == ConsensusRole.Coordinator || (Coordinator is not null && now < _heard + _rules.ElectionTimeout);
        bool granted = m.Ballot > State.Ballot && !contented && m.Last.IsUpToDateWith(last);
        return new ConsensusMessage.PreVoteReply(granted ? m.Ballot : State.Ballot, granted);
    }

    /// <summary>One vote a ballot, and none for a log that may lack what is committed (section 5.4.1).</summary>
    public ConsensusMessage.VoteReply Answer(NodeId from, ConsensusMessage.VoteRequest m, LogPosition last, TimeSpan now)
    {
        bool granted = m.Ballot == State.Ballot && (State.Vote ?? from) == from && m.Last.IsUpToDateWith(last);
        if (granted)
        {
            (State, Role) = (State with { Vote = from }, ConsensusRole.Follower);
            Wait(now);
        }

        return new ConsensusMessage.VoteReply(State.Ballot, granted);
    }

    /// <summary>Asks who would vote, before a ballot is used up (thesis section 9.6).</summary>
    public ConsensusMessage Canvass(LogPosition last, TimeSpan now)
    {
        Withdraw();
        Stand(ConsensusRole.PreCandidate, now);
        return new ConsensusMessage.PreVoteRequest(State.Ballot.Next, last);
    }

    public ConsensusMessage Campaign(LogPosition last, TimeSpan now)
    {
        State = new HardState(State.Ballot.Next, _rules.Self);
        Stand(ConsensusRole.Candidate, now);
        return new ConsensusMessage.VoteRequest(State.Ballot, last);
    }

    /// <summary>Whether a majority has said yes. Who says it twice counts once.</summary>
    public bool Count(NodeId voter)
    {
        _votes.Add(voter);
        return _votes.Count >= _rules.Majority;
    }

    public void Win() => (Role, Coordinator) = (ConsensusRole.Coordinator, _rules.Self);

    private void Stand(ConsensusRole role, TimeSpan now)
    {
        Role = role;
        Wait(now);
        _votes.Clear();
    }
}
