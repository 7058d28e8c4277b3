namespace DemoFl.Simulation;

/// <summary>What goes wrong all the time until the network is healed, each switched on or off by the seed.</summary>
[Flags]
internal enum Faults
{
    None = 0,

    /// <summary>Messages take up to the scenario's longest delay.</summary>
    SlowLinks = 1,

    /// <summary>Some links are far behind others: what goes over two of them arrives out of order.</summary>
    SkewedLinks = 2,

    /// <summary>The relay loses sealed messages.</summary>
    LostEnvelopes = 4,

    /// <summary>A message on a control stream is lost, and with it the stream.</summary>
    BrokenStreams = 8,

    /// <summary>The relay delivers a sealed message twice.</summary>
    DuplicatedEnvelopes = 16,

    /// <summary>What the coordinator's disk had not synced is gone after a crash.</summary>
    LostWrites = 32,

    /// <summary>What it had not synced is there in part.</summary>
    TornWrites = 64,

    /// <summary>What it had not synced is there with a bit flipped.</summary>
    FlippedBytes = 128,
}

/// <summary>Something that happens once, to one process, stream or link.</summary>
internal enum Trouble
{
    /// <summary>The process goes for good, if the rest can do without it; otherwise it restarts.</summary>
    Leave,

    /// <summary>The process goes and comes back with a new incarnation.</summary>
    Restart,

    /// <summary>A control stream breaks; the same process is back on a new one.</summary>
    Reconnect,

    /// <summary>The process is frozen for a while, keeps its streams, and then goes on with all that has come in.</summary>
    Pause,

    /// <summary>A link of the node delivers nothing for a while.</summary>
    Clog,

    /// <summary>Nothing gets through in one direction between node and server, until the stream is given up.</summary>
    CutOneWay,

    /// <summary>The node's clock jumps forward.</summary>
    ClockJump,

    /// <summary>The server is killed, with its journal in whatever state, and comes back.</summary>
    CrashCoordinator,

    /// <summary>The server is frozen for a while.</summary>
    PauseCoordinator,

    /// <summary>The server's clock jumps forward.</summary>
    CoordinatorClockJump,
}

/// <summary>Whom a trouble strikes.</summary>
internal enum Victim
{
    /// <summary>A leader, any of them.</summary>
    Leader,

    /// <summary>The leader that took its slot last.</summary>
    NewestLeader,

    /// <summary>A process without a slot.</summary>
    Party,

    /// <summary>Two leaders at once.</summary>
    TwoLeaders,

    /// <summary>All leaders at once.</summary>
    EveryLeader,
}

/// <summary>Points of a run at which a trouble may strike, as the coordinator reports them.</summary>
internal enum Milestone
{
    ElectionStarted,
    LeadersSeated,
    KeysReady,
    RoundStarted,
    Resealing,
    Intersecting,
    Agreeing,
    Closing,
    Releasing,
    Committing,
    Committed,
    Aborted,
    LeaderLost,
    Reorganising,
    Replaced,
    Resumed,
}

/// <summary>
/// When a trouble strikes: some time after the start, or after the run has reached a point for the n-th time.
/// </summary>
internal sealed record Moment(TimeSpan Delay, Milestone? After = null, int Occurrence = 1)
{
    public override string ToString() => After is null ? $"{Delay.TotalMilliseconds:0} ms" : $"{Delay.TotalMilliseconds:0} ms after {After} {Occurrence}";
}

/// <summary>A trouble, when it strikes and whom, and for how long where it ends.</summary>
internal sealed record Disturbance(Moment When, Trouble Trouble, Victim Victim, TimeSpan Lasting)
{
    public override string ToString() => $"{Trouble} of {Victim} at {When} for {Lasting.TotalMilliseconds:0} ms";
}
