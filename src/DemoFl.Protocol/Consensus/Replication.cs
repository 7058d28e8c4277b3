using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// A coordinator's work in one ballot: brings every follower's log to its own (section 5.3), and knows what a majority has and whether it still hears one.
/// </summary>
internal sealed class Replication
{
    private readonly ConsensusRules _rules;
    private readonly ReplicatedLog _log;
    private readonly ImmutableArray<FollowerProgress> _followers;
    private readonly List<ConsensusEffect> _outbox;
    private TimeSpan _nextBeat;

    public Replication(ConsensusRules rules, ReplicatedLog log, Ballot ballot, TimeSpan now, List<ConsensusEffect> outbox)
    {
        (_rules, _log, Ballot, _outbox) = (rules, log, ballot, outbox);
        _followers = [.. rules.Others.Select(node => new FollowerProgress(node, log.Last.Index + 1, now))];
        _nextBeat = now + rules.Heartbeat;
    }

    /// <summary>In which it coordinates.</summary>
    public Ballot Ballot { get; }

    /// <summary>When something is due: a heartbeat, or the end of the coordinator's patience with a silent majority.</summary>
    public TimeSpan? Deadline => _followers.Length == 0 ? null : _nextBeat < QuorumEnds ? _nextBeat : QuorumEnds;

    /// <summary>
    /// When an election timeout will have passed since so many were last heard that they and the coordinator are a majority (CheckQuorum, thesis section 6.2).
    /// </summary>
    private TimeSpan QuorumEnds =>
        _followers.Select(f => f.Heard).OrderDescending().Skip(_rules.Majority - 2).FirstOrDefault() + _rules.ElectionTimeout;

    public bool HasLostQuorum(TimeSpan now) => _rules.Majority > 1 && now >= QuorumEnds;

    /// <summary>The highest index that a majority has saved, the coordinator among them.</summary>
    public long SavedByMajority => _followers.Select(f => f.Match).Append(_log.Last.Index).OrderDescending().ElementAt(_rules.Majority - 1);

    /// <summary>A sign of life to all, which also finds out what was lost on its way.</summary>
    public void BeatIfDue(TimeSpan now)
    {
        if (now >= _nextBeat)
        {
            _nextBeat = now + _rules.Heartbeat;
            Beat();
        }
    }

    public void Beat()
    {
        foreach (var follower in _followers)
        {
            if (!Send(follower))
            {
                Ask(follower, []);
            }
        }
    }

    /// <summary>What is new, to all that may be sent more.</summary>
    public void SendAll()
    {
        foreach (var follower in _followers)
        {
            Send(follower);
        }
    }

    /// <summary>Of this ballot.</summary>
    public void OnReply(NodeId from, ConsensusMessage reply, TimeSpan now)
    {
        var follower = _followers.First(f => f.Node == from);
        follower.Heard = now;
        switch (reply)
        {
            case ConsensusMessage.AppendReply { Matches: false } m when follower.IsNews(m.Index):
                // At least one step back, whatever the hint: the search ends at the beginning at the latest.
                follower.SearchFrom(Math.Min(m.Index, _log.CouldAgreeUpTo(m.Hint) + 1));
                break;
            case ConsensusMessage.AppendReply { Matches: true } m when m.Index <= _log.Last.Index:
                follower.Matches(m.Index);
                break;
            case ConsensusMessage.InstallReply m when m.Index <= _log.Last.Index:
                follower.Matches(m.Index);
                break;
            default:
                return;
        }

        Send(follower);
    }

    /// <summary>Whether anything was sent.</summary>
    private bool Send(FollowerProgress follower)
    {
        bool sent = false;
        while (follower.Next > _log.Snapshot.Last.Index && follower.Next <= _log.Last.Index && follower.MaySend(_rules.Limits.Unacknowledged))
        {
            var entries = _log.From(follower.Next, _rules.Limits.EntriesPerMessage);
            Ask(follower, entries);
            follower.Sent(entries[^1].Index);
            sent = true;
        }

        if (follower.Next <= _log.Snapshot.Last.Index && follower.MaySend(_rules.Limits.Unacknowledged))
        {
            Ask(follower, []);
            sent = true;
        }

        return sent;
    }

    private void Ask(FollowerProgress follower, ImmutableArray<LogEntry> entries)
    {
        if (follower.Next <= _log.Snapshot.Last.Index)
        {
            _outbox.Add(new ConsensusEffect.Send(follower.Node, new ConsensusMessage.InstallSnapshot(Ballot, _log.Snapshot)));
            follower.SentSnapshot();
            return;
        }

        var previous = new LogPosition(follower.Next - 1, _log.BallotAt(follower.Next - 1));
        _outbox.Add(new ConsensusEffect.Send(follower.Node, new ConsensusMessage.AppendRequest(Ballot, previous, entries, _log.Committed)));
    }
}
