namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>One direction between two ends: every message takes a random time and none overtakes another.</summary>
internal sealed class Link(EventQueue events, SplitMix64 randomness, TimeSpan longestDelay)
{
    private TimeSpan _lastArrival;
    private bool _cut;

    public void Send(Action arrive)
    {
        var arrival = events.Now + randomness.UpTo(longestDelay);
        _lastArrival = arrival > _lastArrival ? arrival : _lastArrival;
        events.At(_lastArrival, () =>
        {
            if (!_cut)
            {
                arrive();
            }
        });
    }

    /// <summary>What is under way is lost, and so is all that follows.</summary>
    public void Cut() => _cut = true;
}
