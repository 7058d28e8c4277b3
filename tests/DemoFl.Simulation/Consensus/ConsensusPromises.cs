namespace DemoFl.Simulation;

/// <summary>
/// What Raft promises (figure 3), checked with everybody's eyes after every step. R1: at most one winner of a ballot. R2: logs that have the same position are
/// the same up to it. R3: a coordinator has all that was committed in earlier ballots. R4: everybody applies the same in the same order. R5: what is committed stays on the
/// disks of a majority. R6: what is said is saved. R7 (of the cluster): once faults stop, it goes on.
/// </summary>
internal sealed class ConsensusPromises(IReadOnlyList<ConsensusHost> hosts)
{
    private readonly Dictionary<Ballot, int> _winners = [];
    private readonly Dictionary<(int Voter, Ballot Ballot), NodeId> _votes = [];
    private readonly Dictionary<LogPosition, (LogPosition Previous, Agreement Agreement)> _written = [];
    private readonly List<LogEntry> _committed = [];
    private readonly List<Ballot> _committedIn = [];
    private readonly List<ConsensusSnapshot> _state = [ConsensusSnapshot.Empty];

    private int Majority => (hosts.Count / 2) + 1;

    /// <summary>What is agreed, in order.</summary>
    public IReadOnlyList<LogEntry> Committed => _committed;

    public void OnCoordinator(ConsensusHost host, Ballot ballot)
    {
        _winners.TryAdd(ballot, host.Number);
        Promise.Require(_winners[ballot] == host.Number, $"R1: {_winners[ballot]} and {host.Number} both won ballot {ballot}");
        for (long index = host.Disk.Snapshot.Last.Index + 1; index <= _committed.Count; index++)
        {
            // Who wins late, after a pause, need not have what was committed in later ballots meanwhile.
            Promise.Require(_committedIn[(int)index - 1] >= ballot || Holds(host, index), $"R3: {host.Number} won ballot {ballot} without entry {index}, which is committed");
        }
    }

    /// <summary>By induction: the same entry, behind the same entry.</summary>
    public void OnSaved(ConsensusHost host, ConsensusEffect effect)
    {
        foreach (var entry in (effect as ConsensusEffect.Persist)?.Log?.Appended ?? [])
        {
            var previous = entry.Index == host.Disk.Snapshot.Last.Index + 1 ? host.Disk.Snapshot.Last : host.Disk.At(entry.Index - 1)!.Position;
            _written.TryAdd(entry.Position, (previous, entry.Agreement));
            var (before, agreement) = _written[entry.Position];
            Promise.Require(
                before == previous && ReferenceEquals(agreement, entry.Agreement), $"R2: {host.Number} has something else at {entry.Index} of ballot {entry.Ballot}");
        }
    }

    public void OnSend(ConsensusHost host, NodeId to, ConsensusMessage message)
    {
        var state = host.Disk.State;
        bool asks = message is ConsensusMessage.PreVoteRequest or ConsensusMessage.PreVoteReply;
        Promise.Require(asks || message.Ballot <= state.Ballot, $"R6: {host.Number} speaks of ballot {message.Ballot} and has saved {state.Ballot}");
        switch (message)
        {
            case ConsensusMessage.VoteReply { Granted: true } m:
                OnVote(host, m.Ballot, to);
                break;
            case ConsensusMessage.VoteRequest m:
                OnVote(host, m.Ballot, state.Vote ?? to);
                break;
            case ConsensusMessage.AppendReply { Matches: true } m:
                Promise.Require(m.Index <= host.Disk.Last, $"R6: {host.Number} acknowledges {m.Index} and has saved {host.Disk.Last}");
                break;
        }
    }

    /// <summary>The entry that was applied.</summary>
    public LogEntry OnApply(ConsensusHost host, ConsensusEffect.Apply applied)
    {
        Promise.Require(applied.Index == host.Applied.Last.Index + 1, $"R4: {host.Number} applies {applied.Index} after {host.Applied.Last.Index}");
        if (applied.Index == _committed.Count + 1)
        {
            var entry = host.Disk.At(applied.Index);
            Promise.Require(entry is not null, $"R6: {host.Number} applies {applied.Index} without having saved it");
            _committed.Add(entry!);
            _committedIn.Add(host.Disk.State.Ballot);
            _state.Add(_state[^1].With(entry!));
            AfterStep();
        }

        var agreed = _committed[(int)applied.Index - 1];
        Promise.Require(ReferenceEquals(agreed.Agreement, applied.Agreement), $"R4: {host.Number} applies something else at {applied.Index}");
        return agreed;
    }

    public void OnRestore(ConsensusSnapshot snapshot)
    {
        bool committed = snapshot.Last.Index <= _committed.Count;
        Promise.Require(committed && snapshot == _state[(int)snapshot.Last.Index], $"R4: the snapshot up to {snapshot.Last.Index} is not what was agreed");
    }

    /// <summary>The last entry will do: who has it has all before it, or R2 is broken.</summary>
    public void AfterStep()
    {
        if (_committed.Count > 0)
        {
            int holders = hosts.Count(h => Holds(h, _committed.Count));
            Promise.Require(holders >= Majority, $"R5: entry {_committed.Count} is committed and on {holders} of {hosts.Count} disks");
        }
    }

    private bool Holds(ConsensusHost host, long index) =>
        host.Disk.Snapshot.Last.Index >= index || host.Disk.At(index)?.Ballot == _committed[(int)index - 1].Ballot;

    private void OnVote(ConsensusHost host, Ballot ballot, NodeId candidate)
    {
        Promise.Require(host.Disk.State.Ballot == ballot && host.Disk.State.Vote is not null, $"R6: {host.Number} votes in ballot {ballot} and has not saved it");
        var voted = host.Disk.State.Vote!.Value;
        _votes.TryAdd((host.Number, ballot), voted);
        Promise.Require(_votes[(host.Number, ballot)] == voted, $"R1: {host.Number} voted twice in ballot {ballot}");
        Promise.Require(candidate == voted, $"R6: {host.Number} votes for {candidate} in ballot {ballot} and has saved {voted}");
    }
}
