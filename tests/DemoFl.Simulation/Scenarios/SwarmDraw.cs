namespace DemoFl.Simulation;

/// <summary>Draws what goes wrong: every kind of fault is on or off for a whole run, so that some runs see much of few kinds.</summary>
internal static class SwarmDraw
{
    private const int MostDisturbances = 6;

    public static Swarm From(SplitMix64 draw, bool evil)
    {
        int mood = evil && draw.OneIn(2) ? 0 : draw.Below(8);

        // Quiet; one leader lost and nothing else; everything.
        return mood switch
        {
            0 => Swarm.None,
            <= 2 => Healing([LossOfLeader(draw)], Faults.None, TimeSpan.Zero),
            _ => Stormy(draw, evil),
        };
    }

    /// <summary>Most parties have announced by then.</summary>
    public static Swarm RestartOfParty(SplitMix64 draw) => Healing(
        [new Disturbance(new Moment(draw.BetweenMs(600, 900), Milestone.RoundStarted, draw.Between(1, 2)), Trouble.Restart, Victim.Party, TimeSpan.Zero)],
        Faults.None, TimeSpan.Zero);

    private static Disturbance LossOfLeader(SplitMix64 draw) => new(
        Stage(draw), draw.Pick([Trouble.Leave, Trouble.Restart, Trouble.Pause, Trouble.Reconnect]), Victim.Leader, draw.BetweenMs(3000, 6000));

    private static Swarm Stormy(SplitMix64 draw, bool evil)
    {
        var kinds = Enum.GetValues<Trouble>().Where(t => draw.OneIn(3) && !(evil && t is Trouble.CrashCoordinator or Trouble.PauseCoordinator)).ToArray();
        int count = kinds.Length == 0 ? 0 : draw.Between(1, MostDisturbances);
        Disturbance[] disturbances = [.. Enumerable.Range(0, count).Select(_ => One(draw, draw.Pick(kinds)))];
        var faults = Enum.GetValues<Faults>().Where(_ => draw.OneIn(4)).Aggregate(Faults.None, (all, f) => all | f);
        return Healing(disturbances, faults, TimeSpan.FromMilliseconds(draw.OneIn(3) ? 400 : 100));
    }

    private static Swarm Healing(IReadOnlyList<Disturbance> disturbances, Faults faults, TimeSpan longestDelay) =>
        new(faults, longestDelay, [.. disturbances], TimeSpan.FromSeconds(12));

    private static Disturbance One(SplitMix64 draw, Trouble trouble) => new(
        draw.OneIn(2) ? new Moment(draw.UpTo(TimeSpan.FromSeconds(10))) : Stage(draw), trouble, Whom(draw), draw.BetweenMs(50, 4000));

    private static Moment Stage(SplitMix64 draw) => new(
        draw.UpTo(TimeSpan.FromMilliseconds(draw.OneIn(2) ? 30 : 600)), draw.Pick(Enum.GetValues<Milestone>()), draw.Between(1, 2));

    private static Victim Whom(SplitMix64 draw) => draw.Below(16) switch
    {
        <= 6 => Victim.Leader,
        <= 9 => Victim.NewestLeader,
        <= 13 => Victim.Party,
        14 => Victim.TwoLeaders,
        _ => Victim.EveryLeader,
    };
}
