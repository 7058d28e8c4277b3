namespace DemoFl.Simulation;

/// <summary>What the network does to everybody, until it is healed.</summary>
internal sealed class Weather(Scenario scenario, Tally tally)
{
    private static readonly TimeSpan CalmDelay = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestLag = TimeSpan.FromMilliseconds(400);

    private readonly SplitMix64 _randomness = Randomness.For(scenario.Seed, "weather");
    private readonly Faults _faults = scenario.Swarm.Faults;

    /// <summary>Healed, or never bad.</summary>
    public bool IsCalm { get; private set; } = scenario.Swarm.Faults == Faults.None;

    private TimeSpan LongestDelay => !IsCalm && Has(Faults.SlowLinks) ? scenario.Swarm.LongestDelay : CalmDelay;

    /// <summary>How long a message is under way; counted when that is longer than in calm weather.</summary>
    public TimeSpan DelayOf(SplitMix64 link)
    {
        var delay = link.UpTo(LongestDelay);
        if (delay > CalmDelay)
        {
            tally.Count(Faults.SlowLinks);
        }

        return delay;
    }

    public void Heal() => IsCalm = true;

    /// <summary>By how much a link is behind all others: what goes over two of them arrives out of order.</summary>
    public TimeSpan LagOf(SplitMix64 link) =>
        !IsCalm && Has(Faults.SkewedLinks) && Happens(Faults.SkewedLinks, link.OneIn(3)) ? link.UpTo(LongestLag) : TimeSpan.Zero;

    /// <summary>A sealed message is lost on its way.</summary>
    public bool LosesEnvelope() => Strikes(Faults.LostEnvelopes, 60);

    /// <summary>A message on a stream is lost, and with it the stream.</summary>
    public bool BreaksStream() => Strikes(Faults.BrokenStreams, 300);

    /// <summary>A sealed message comes twice.</summary>
    public bool DuplicatesEnvelope() => Strikes(Faults.DuplicatedEnvelopes, 15);

    private bool Strikes(Faults fault, int odds) => !IsCalm && Has(fault) && Happens(fault, _randomness.OneIn(odds));

    private bool Has(Faults fault) => (_faults & fault) != 0;

    private bool Happens(Faults fault, bool happens)
    {
        if (happens)
        {
            tally.Count(fault);
        }

        return happens;
    }
}
