namespace DemoFl.Simulation;

/// <summary>What goes wrong among institutions.</summary>
[Flags]
internal enum ConsensusFaults
{
    None = 0,

    /// <summary>Messages take long, and so arrive out of order.</summary>
    SlowLinks = 1,

    LostMessages = 2,

    DoubledMessages = 4,

    /// <summary>Nothing goes from some to others for a while; not always both ways.</summary>
    Cuts = 8,

    /// <summary>A process dies between any two effects, or in the middle of saving, and what was not synced may be lost.</summary>
    Crashes = 16,

    /// <summary>A process stands still while time goes on.</summary>
    Pauses = 32,
}

/// <summary>One cluster's life, drawn from its seed.</summary>
/// <param name="Seed">That it is drawn from.</param>
/// <param name="Members">Institutions.</param>
/// <param name="Faults">What goes wrong.</param>
/// <param name="Limits">Tight ones make windows in which a death matters.</param>
/// <param name="LongestDelay">Of a message on slow links.</param>
/// <param name="LongestPeace">Between two troubles.</param>
/// <param name="DeathOdds">One step in so many is a process's last.</param>
/// <param name="Trouble">How long it goes on.</param>
internal sealed record ConsensusScenario(
    ulong Seed, int Members, ConsensusFaults Faults, ConsensusLimits Limits, TimeSpan LongestDelay, TimeSpan LongestPeace,
    int DeathOdds, TimeSpan Trouble)
{
    public static readonly TimeSpan ElectionTimeout = TimeSpan.FromMilliseconds(300);
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(60);

    private static readonly int[] Sizes = [1, 2, 3, 3, 3, 3, 4, 5, 5, 5, 7];
    private static readonly ConsensusLimits Tight = new(EntriesPerMessage: 1, Unacknowledged: 1, Uncommitted: 8, LogEntries: 4);

    public static ConsensusScenario From(ulong seed)
    {
        var draw = Randomness.For(seed, "consensus");
        var limits = new[] { Tight, Tight with { LogEntries = 1000 }, new ConsensusLimits(EntriesPerMessage: 4, LogEntries: 12), ConsensusLimits.Default };
        return new ConsensusScenario(
            seed, draw.Pick(Sizes), (ConsensusFaults)draw.Below(64), draw.Pick(limits), draw.BetweenMs(30, 400),
            draw.BetweenMs(100, 1200), draw.Pick([15, 40, 150]), draw.BetweenMs(3000, 7000));
    }

    public bool Has(ConsensusFaults fault) => (Faults & fault) != 0;
}
