namespace DemoFl.Simulation;

/// <summary>Virtual time, and everything that is going to happen, in the one order that the seed decides.</summary>
internal sealed class EventQueue
{
    /// <summary>Of one moment; a machine that asks to be woken at once, again and again, reaches it.</summary>
    public const int MostEventsAtOnce = 200_000;

    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new(EarlierFirst.Instance);
    private long _scheduled;
    private int _atThisMoment;

    public TimeSpan Now { get; private set; }

    /// <summary>Everything that has happened.</summary>
    public long Happened { get; private set; }

    /// <summary>Events of one moment happen in the order in which they were scheduled.</summary>
    public void At(TimeSpan moment, Action action) => _events.Enqueue(action, (moment < Now ? Now : moment, _scheduled++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>False when nothing is left to happen.</summary>
    /// <exception cref="InvariantException">Time has stopped.</exception>
    public bool RunNext()
    {
        if (!_events.TryDequeue(out var action, out var key))
        {
            return false;
        }

        _atThisMoment = key.At == Now ? _atThisMoment + 1 : 0;
        if (_atThisMoment > MostEventsAtOnce)
        {
            throw new InvariantException("L2: time stands still, somebody wants to be woken at once for ever");
        }

        Now = key.At;
        Happened++;
        action();
        return true;
    }

    private sealed class EarlierFirst : IComparer<(TimeSpan At, long Order)>
    {
        public static readonly EarlierFirst Instance = new();

        public int Compare((TimeSpan At, long Order) x, (TimeSpan At, long Order) y)
        {
            int order = x.At.CompareTo(y.At);
            return order != 0 ? order : x.Order.CompareTo(y.Order);
        }
    }
}
