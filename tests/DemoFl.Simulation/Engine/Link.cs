namespace DemoFl.Simulation;

/// <summary>
/// One direction between two ends: every message takes a random time and none overtakes another. While it is clogged it delivers nothing; what
/// was sent comes afterwards.
/// </summary>
internal sealed class Link(EventQueue events, Weather weather, SplitMix64 randomness)
{
    private readonly Queue<Action> _underWay = new();
    private readonly TimeSpan _lag = weather.LagOf(randomness);
    private TimeSpan _lastArrival;
    private TimeSpan _cloggedUntil;
    private bool _cut;

    public void Send(Action arrive)
    {
        if (_cut)
        {
            return;
        }

        var arrival = events.Now + weather.DelayOf(randomness) + (weather.IsCalm ? TimeSpan.Zero : _lag);
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        _underWay.Enqueue(arrive);
        events.At(_lastArrival, DeliverNext);
    }

    public void Clog(TimeSpan until) => _cloggedUntil = until > _cloggedUntil ? until : _cloggedUntil;

    public void Unclog() => _cloggedUntil = events.Now;

    /// <summary>What is under way is lost, and so is all that follows.</summary>
    public void Cut()
    {
        _cut = true;
        _underWay.Clear();
    }

    private void DeliverNext()
    {
        if (_cloggedUntil > events.Now)
        {
            events.At(_cloggedUntil, DeliverNext);
        }
        else if (!_cut && _underWay.TryDequeue(out var arrive))
        {
            arrive();
        }
    }
}
