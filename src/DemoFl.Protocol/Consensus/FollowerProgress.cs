namespace DemoFl.Protocol;

/// <summary>
/// What a coordinator knows of one follower's log (figure 2, volatile state on leaders), and what it has sent on trust. While it looks for the place where
/// the logs agree it sends one message at a time; from there on, several.
/// </summary>
internal sealed class FollowerProgress(NodeId node, long next, TimeSpan heard)
{
    private readonly Queue<long> _unacknowledged = new();
    private bool _searching = true;
    private bool _asked;

    public NodeId Node => node;

    /// <summary>Up to here the follower has saved what the coordinator has.</summary>
    public long Match { get; private set; }

    /// <summary>The next entry to send.</summary>
    public long Next { get; private set; } = next;

    public TimeSpan Heard { get; set; } = heard;

    public bool MaySend(int limit) => _searching ? !_asked : _unacknowledged.Count < limit;

    /// <summary>Entries up to <paramref name="last"/> are on their way.</summary>
    public void Sent(long last)
    {
        if (_searching)
        {
            _asked = true;
            return;
        }

        _unacknowledged.Enqueue(last);
        Next = last + 1;
    }

    /// <summary>A snapshot is on its way.</summary>
    public void SentSnapshot()
    {
        _unacknowledged.Clear();
        (_searching, _asked) = (true, true);
    }

    public void Matches(long index)
    {
        (Match, _searching, _asked) = (Math.Max(Match, index), false, false);
        Next = Math.Max(Next, Match + 1);
        while (_unacknowledged.TryPeek(out long last) && last <= Match)
        {
            _unacknowledged.Dequeue();
        }
    }

    /// <summary>Whether a rejection is of the last thing asked. What the follower has saved it cannot lack; such words are late.</summary>
    public bool IsNews(long rejected) => rejected > Match && (!_searching || rejected == Next - 1);

    public void SearchFrom(long next)
    {
        _unacknowledged.Clear();
        (Next, _searching, _asked) = (Math.Max(Match + 1, next), true, false);
    }
}
