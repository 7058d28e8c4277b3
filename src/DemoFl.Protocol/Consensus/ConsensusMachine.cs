namespace DemoFl.Protocol;

/// <summary>
/// Agreement among institutions without a server (DESIGN section 8): Raft (Ongaro and Ousterhout 2014) with pre-votes and a coordinator that steps down when
/// it no longer hears a majority (Ongaro's thesis 2014, sections 9.6 and 6.2). Static membership; members may crash and networks may do anything, but nobody
/// lies. Sans-I/O: synchronous, single-threaded, deterministic in its inputs and its entropy.
/// </summary>
public sealed class ConsensusMachine
{
    private readonly ConsensusRules _rules;
    private readonly Election _election;
    private readonly ReplicatedLog _log;
    private readonly List<ConsensusEffect> _outbox = [];
    private HardState _savedState;
    private Replication? _replication;
    private long _applied;

    /// <summary>
    /// Continues from <paramref name="progress"/>, as a follower. <paramref name="entropy"/> seeds the election timeouts and differs between members;
    /// <paramref name="now"/> is on the clock of <see cref="Step"/>.
    /// </summary>
    /// <exception cref="ArgumentException">The log on disk has gaps.</exception>
    public ConsensusMachine(ConsensusRules rules, ConsensusProgress progress, ulong entropy, TimeSpan now)
    {
        (_rules, _savedState) = (rules, progress.State);
        _election = new Election(rules, progress.State, entropy, now);
        _log = new ReplicatedLog(progress.Snapshot, progress.Entries);
        _applied = progress.Snapshot.Last.Index;
    }

    /// <summary>What this institution is in the current ballot.</summary>
    public ConsensusRole Role => _election.Role;

    /// <summary>The highest ballot seen.</summary>
    public Ballot Ballot => _election.State.Ballot;

    /// <summary>Who coordinates, as far as is known: itself, who was heard from last, or null.</summary>
    public NodeId? Coordinator => _election.Coordinator;

    /// <summary>Where the log ends.</summary>
    public LogPosition Last => _log.Last;

    /// <summary>The index up to which everything is agreed, as far as is known.</summary>
    public long Committed => _log.Committed;

    /// <summary>When the host must next send <see cref="ConsensusInput.Tick"/>, on the clock of <c>now</c>; null for a coordinator that is alone.</summary>
    public TimeSpan? NextDeadline => _replication is null ? _election.At : _replication.Deadline;

    /// <summary>Takes one input. <paramref name="now"/> is monotonic. Effects are appended in the order they must happen.</summary>
    /// <exception cref="ArgumentException">A host proposed what only the machine does.</exception>
    public void Step(ConsensusInput input, TimeSpan now, List<ConsensusEffect> effects)
    {
        switch (input)
        {
            case ConsensusInput.Tick:
                OnTick(now);
                break;
            case ConsensusInput.Propose m:
                OnProposal(m);
                break;
            case ConsensusInput.Received m when Objection(m) is { } reason:
                _outbox.Add(new ConsensusEffect.Refused(m.From, reason));
                break;
            case ConsensusInput.Received m:
                OnMessage(m.From, m.Message, now);
                break;
        }

        Conclude(effects);
    }

    private ConsensusRefusal? Objection(ConsensusInput.Received input) =>
        !_rules.Others.Contains(input.From) ? ConsensusRefusal.NotAMember
            : !MessageShape.IsSound(input.Message, _replication?.Ballot) ? ConsensusRefusal.Malformed
            : null;

    private void OnTick(TimeSpan now)
    {
        if (_replication is null)
        {
            if (now >= _election.At)
            {
                Stand(_election.Canvass(Last, now), now);
            }
        }
        else if (_replication.HasLostQuorum(now))
        {
            // Others may have elected another by now; whoever asks here should learn that nothing can be agreed (thesis section 6.2).
            StepDown(now);
            _election.Withdraw();
        }
        else
        {
            _replication.BeatIfDue(now);
        }
    }

    private void OnProposal(ConsensusInput.Propose proposal)
    {
        if (proposal.Agreement is Agreement.BallotOpened)
        {
            throw new ArgumentException("A ballot is opened by winning it.", nameof(proposal));
        }

        ProposalRefusal? refusal = _replication is null ? ProposalRefusal.NotCoordinator
            : _log.Last.Index - _log.Committed >= _rules.Limits.Uncommitted ? ProposalRefusal.TooManyUncommitted
            : null;
        if (refusal is { } reason)
        {
            _outbox.Add(new ConsensusEffect.ProposalRefused(proposal.Number, reason, Coordinator));
            return;
        }

        var entry = _log.Append(Ballot, proposal.Agreement);
        _outbox.Add(new ConsensusEffect.ProposalAccepted(proposal.Number, entry.Position));
        _replication!.SendAll();
    }

    private void OnMessage(NodeId from, ConsensusMessage message, TimeSpan now)
    {
        // A ballot that somebody only asks about is nobody's yet (thesis section 9.6).
        if (message.Ballot > Ballot && message is not (ConsensusMessage.PreVoteRequest or ConsensusMessage.PreVoteReply { Granted: true }))
        {
            StepDown(now);
            _election.Enter(message.Ballot);
        }

        if (message is (ConsensusMessage.AppendRequest or ConsensusMessage.InstallSnapshot) && message.Ballot == Ballot)
        {
            _election.Follow(from, now);
        }

        switch (message)
        {
            case ConsensusMessage.PreVoteRequest m:
                Tell(from, _election.Answer(m, Last, now));
                break;
            case ConsensusMessage.PreVoteReply { Granted: true } m when Role == ConsensusRole.PreCandidate && m.Ballot == Ballot.Next:
                Count(from, now);
                break;
            case ConsensusMessage.VoteRequest m:
                Tell(from, _election.Answer(from, m, Last, now));
                break;
            case ConsensusMessage.VoteReply { Granted: true } m when Role == ConsensusRole.Candidate && m.Ballot == Ballot:
                Count(from, now);
                break;
            case ConsensusMessage.AppendRequest m:
                Tell(from, FollowerAnswers.Answer(m, _log, Ballot));
                break;
            case ConsensusMessage.InstallSnapshot m:
                OnInstall(from, m);
                break;
            case ConsensusMessage.AppendReply or ConsensusMessage.InstallReply when message.Ballot == Ballot:
                _replication?.OnReply(from, message, now);
                break;
        }
    }

    private void OnInstall(NodeId from, ConsensusMessage.InstallSnapshot m)
    {
        var (reply, saved) = FollowerAnswers.Answer(m, _log, Ballot);
        if (saved is not null)
        {
            _applied = m.Snapshot.Last.Index;
            _outbox.AddRange([saved, new ConsensusEffect.Restore(m.Snapshot)]);
        }

        Tell(from, reply);
    }

    private void StepDown(TimeSpan now)
    {
        if (_replication is not null)
        {
            _outbox.Add(new ConsensusEffect.SteppedDown(_replication.Ballot));
            _replication = null;
            _election.Wait(now);
        }
    }

    private void Stand(ConsensusMessage request, TimeSpan now)
    {
        foreach (var other in _rules.Others)
        {
            Tell(other, request);
        }

        Count(_rules.Self, now);
    }

    private void Count(NodeId voter, TimeSpan now)
    {
        bool elected = _election.Count(voter);
        if (elected && Role == ConsensusRole.PreCandidate)
        {
            Stand(_election.Campaign(Last, now), now);
        }
        else if (elected)
        {
            Lead(now);
        }
    }

    private void Lead(TimeSpan now)
    {
        _election.Win();
        _outbox.Add(new ConsensusEffect.BecameCoordinator(Ballot));
        _replication = new Replication(_rules, _log, Ballot, now, _outbox);
        _log.Append(Ballot, new Agreement.BallotOpened());
        _replication.SendAll();
    }

    /// <summary>
    /// Commits what a majority has saved, but only up to an entry of this ballot: an older one on a majority of disks may still be replaced (section 5.4.2,
    /// figure 8), and is committed by what follows it.
    /// </summary>
    private void CommitSaved()
    {
        if (_replication is { SavedByMajority: var saved } && saved > _log.Committed && _log.BallotAt(saved) == Ballot)
        {
            _log.Commit(saved);
            _replication.Beat();
        }
    }

    /// <summary>Ends a step: what changed is saved first, and everything else follows it.</summary>
    private void Conclude(List<ConsensusEffect> effects)
    {
        CommitSaved();
        var change = _log.TakeChange();
        if (change is not null || _election.State != _savedState)
        {
            _savedState = _election.State;
            effects.Add(new ConsensusEffect.Persist(_savedState, change));
        }

        for (; _applied < _log.Committed; _applied++)
        {
            _outbox.Add(new ConsensusEffect.Apply(_applied + 1, _log[_applied + 1].Agreement));
        }

        // What is not applied yet is not compacted, either.
        if (_log.CompactBeyond(_rules.Limits.LogEntries) is { } snapshot)
        {
            _outbox.Add(snapshot);
        }

        effects.AddRange(_outbox);
        _outbox.Clear();
    }

    private void Tell(NodeId to, ConsensusMessage message) => _outbox.Add(new ConsensusEffect.Send(to, message));
}
