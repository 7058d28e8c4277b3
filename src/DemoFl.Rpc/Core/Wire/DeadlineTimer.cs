namespace Grpc.Core.Wire;

/// <summary>Calls back once when a deadline has passed, however far away it is. Thread-safe.</summary>
internal sealed class DeadlineTimer : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(30);

    private readonly DateTime _deadline;
    private readonly Action _passed;
    private readonly Timer _timer;

    /// <summary>Starts the wait for a deadline in UTC.</summary>
    public DeadlineTimer(DateTime deadline, Action passed)
    {
        _deadline = deadline;
        _passed = passed;
        _timer = new Timer(static state => ((DeadlineTimer)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Arm();
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        // Timers count coarser ticks than the clock and may fire a little early.
        if (DateTime.UtcNow >= _deadline) _passed();
        else Arm();
    }

    private void Arm()
    {
        var left = _deadline - DateTime.UtcNow;
        if (left < TimeSpan.FromMilliseconds(1)) left = TimeSpan.FromMilliseconds(1);
        if (left > LongestWait) left = LongestWait;

        try
        {
            _timer.Change(left, Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The call ended while the timer fired.
        }
    }
}
