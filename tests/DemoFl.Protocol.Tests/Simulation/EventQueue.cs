namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>Virtual time, and everything that is going to happen, in the one order that the seed decides.</summary>
internal sealed class EventQueue
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private long _scheduled;

    public TimeSpan Now { get; private set; }

    /// <summary>Events of one moment happen in the order in which they were scheduled.</summary>
    public void At(TimeSpan moment, Action action) => _events.Enqueue(action, (moment < Now ? Now : moment, _scheduled++));

    public void After(TimeSpan delay, Action action) => At(Now + delay, action);

    /// <summary>False when nothing is left to happen.</summary>
    public bool RunNext()
    {
        if (!_events.TryDequeue(out var action, out var key))
        {
            return false;
        }

        Now = key.At;
        action();
        return true;
    }
}
