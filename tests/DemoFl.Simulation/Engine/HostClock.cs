namespace DemoFl.Simulation;

/// <summary>A host's monotonic clock: it never goes back, but it may jump forward, as after a machine was suspended.</summary>
internal sealed class HostClock(EventQueue events)
{
    /// <summary>How far this clock is ahead.</summary>
    public TimeSpan Ahead { get; private set; }

    public TimeSpan Now => events.Now + Ahead;

    public void Jump(TimeSpan forward) => Ahead += forward;
}

/// <summary>Wakes a host when its machine's deadline has come by the host's own clock.</summary>
internal sealed class Alarm(EventQueue events, HostClock clock, Action ring)
{
    private TimeSpan? _at;
    private long _setting;

    public void Set(TimeSpan? deadline)
    {
        if (deadline == _at)
        {
            return;
        }

        _at = deadline;
        long setting = ++_setting;
        if (deadline is { } moment)
        {
            events.At(moment - clock.Ahead, () =>
            {
                if (setting == _setting)
                {
                    _at = null;
                    ring();
                }
            });
        }
    }

    /// <summary>The clock has jumped.</summary>
    public void SetAnew()
    {
        var at = _at;
        Set(null);
        Set(at);
    }
}
