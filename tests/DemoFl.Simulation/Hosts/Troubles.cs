namespace DemoFl.Simulation;

/// <summary>Makes the scenario's disturbances happen, and heals everything when its time has come.</summary>
internal sealed class Troubles(Federation federation)
{
    private static readonly TimeSpan LatestCrash = TimeSpan.FromMilliseconds(1500);
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(2);

    private readonly SplitMix64 _randomness = Randomness.For(federation.Scenario.Seed, "troubles");
    private readonly Dictionary<Milestone, int> _reached = [];
    private bool _healed;

    /// <summary>Where the round stands.</summary>
    public string Stage { get; private set; } = "between rounds";

    private ServerHost Server => federation.Server;

    private Swarm Swarm => federation.Scenario.Swarm;

    public void Schedule()
    {
        foreach (var disturbance in Swarm.Disturbances.Where(d => d.When.After is null))
        {
            federation.Events.At(disturbance.When.Delay, () => Strike(disturbance));
        }

        if (Swarm != Swarm.None)
        {
            federation.Events.At(Swarm.HealedAt, Heal);
        }
    }

    public void OnReport(CoordinatorEvent happened)
    {
        Stage = happened switch
        {
            CoordinatorEvent.RoundStarted => nameof(RoundStage.Uploading),
            CoordinatorEvent.StageReached m => m.Stage.ToString(),
            CoordinatorEvent.Committed or CoordinatorEvent.Aborted => "between rounds",
            _ => Stage,
        };
        if (MilestoneOf(happened) is { } milestone)
        {
            int times = _reached[milestone] = _reached.GetValueOrDefault(milestone) + 1;
            foreach (var disturbance in Swarm.Disturbances.Where(d => d.When.After == milestone && d.When.Occurrence == times))
            {
                federation.Events.After(disturbance.When.Delay, () => Strike(disturbance));
            }
        }
    }

    /// <summary>The server goes down now, and comes back.</summary>
    public void CoordinatorDown()
    {
        Stage = "between rounds";
        federation.Tally.Count(Trouble.CrashCoordinator);
        Server.Crash();
        federation.Events.After(_healed ? TimeSpan.Zero : _randomness.BetweenMs(50, 2000), Server.Restart);
    }

    private void Heal()
    {
        _healed = true;
        federation.Note("network", "healed");
        federation.Weather.Heal();
        foreach (var link in federation.Population.Residents.SelectMany(LinksOf))
        {
            link.Unclog();
        }

        Server.Thaw();
        Server.Restart();
        federation.Population.ThawAll();
    }

    private IEnumerable<Link> LinksOf(Resident resident) => resident.Life is { Control: { } stream } session
        ? [.. stream.Links, session.Uploads, .. federation.PeerLinksOf(resident.Id)]
        : [];

    private void Strike(Disturbance disturbance)
    {
        if (_healed || Server.Finished is not null)
        {
            return;
        }

        federation.Note("trouble", disturbance);
        switch (disturbance.Trouble)
        {
            case Trouble.CrashCoordinator when Server.IsUp:
                if (_randomness.OneIn(2))
                {
                    Server.CrashPlan.AtWrite();
                }
                else
                {
                    Server.CrashPlan.After(_randomness.Below(12));
                }

                long life = Server.Life;
                federation.Events.After(LatestCrash, () =>
                {
                    if (Server.Life == life && Server.IsUp)
                    {
                        CoordinatorDown();
                    }
                });
                break;
            case Trouble.PauseCoordinator when !Server.IsFrozen:
                federation.Tally.Count(Trouble.PauseCoordinator);
                Server.Freeze();
                federation.Events.After(disturbance.Lasting, Server.Thaw);
                break;
            case Trouble.CoordinatorClockJump:
                federation.Tally.Count(Trouble.CoordinatorClockJump);
                Server.JumpClock(disturbance.Lasting);
                break;
            case not (Trouble.CrashCoordinator or Trouble.PauseCoordinator):
                foreach (var resident in Targets(disturbance.Victim))
                {
                    Strike(disturbance, resident);
                }

                break;
        }
    }

    private void Strike(Disturbance disturbance, Resident target)
    {
        federation.Note(target.Name, disturbance.Trouble);
        federation.Tally.Count(disturbance.Trouble);
        federation.Promises.OnStruck(disturbance, target);
        switch (disturbance.Trouble)
        {
            case Trouble.Reconnect:
                federation.Population.Disconnect(target);
                break;
            case Trouble.Leave:
                federation.Population.Kill(target.Process, forGood: federation.Population.CanSpare(target.Process));
                break;
            case Trouble.Restart:
                federation.Population.Kill(target.Process, forGood: false);
                break;
            case Trouble.Pause:
                federation.Population.Freeze(target.Process, disturbance.Lasting);
                break;
            case Trouble.ClockJump:
                target.Life!.JumpClock(disturbance.Lasting);
                break;
            case Trouble.Clog:
                _randomness.Pick([.. LinksOf(target)]).Clog(federation.Events.Now + disturbance.Lasting);
                break;
            case Trouble.CutOneWay:
                CutOneWay(target, disturbance.Lasting);
                break;
        }
    }

    /// <summary>TCP sends again until it gives up: a short cut delays, a long one ends the stream.</summary>
    private void CutOneWay(Resident target, TimeSpan lasting)
    {
        var session = target.Life!;
        var stream = session.Control!;
        bool up = _randomness.OneIn(2);
        foreach (var link in up ? new[] { stream.Up, stream.BeatUp, session.Uploads } : [stream.Down, stream.BeatDown])
        {
            link.Clog(federation.Events.Now + lasting);
        }

        federation.Events.After(KeepAlive, () =>
        {
            if (lasting > KeepAlive && !_healed && target.Life == session)
            {
                federation.Population.Disconnect(target);
            }
        });
    }

    private Resident[] Targets(Victim victim)
    {
        var leaders = Server.Machine.Leaders;
        var present = federation.Population.Residents.Where(r => r.Life is { Control: not null }).ToArray();
        var seated = present.Where(r => leaders?.SeatOf(r.Id) is not null).ToArray();
        var choice = victim switch
        {
            Victim.Leader or Victim.TwoLeaders or Victim.EveryLeader => seated,
            Victim.NewestLeader => [.. seated.Where(r => leaders!.SeatOf(r.Id)!.Since == leaders.Seats.Max(s => s.Since))],
            _ => [.. present.Where(r => !Array.Exists(seated, s => s.Process == r.Process))],
        };
        return _randomness.Draw(choice, Math.Min(choice.Length, victim switch { Victim.EveryLeader => choice.Length, Victim.TwoLeaders => 2, _ => 1 }));
    }

    private static Milestone? MilestoneOf(CoordinatorEvent happened) => happened switch
    {
        CoordinatorEvent.ElectionStarted => Milestone.ElectionStarted,
        CoordinatorEvent.LeadersSeated => Milestone.LeadersSeated,
        CoordinatorEvent.KeysReady => Milestone.KeysReady,
        CoordinatorEvent.RoundStarted => Milestone.RoundStarted,
        CoordinatorEvent.StageReached { Stage: RoundStage.Resealing } => Milestone.Resealing,
        CoordinatorEvent.StageReached { Stage: RoundStage.Intersecting } => Milestone.Intersecting,
        CoordinatorEvent.StageReached { Stage: RoundStage.Agreeing } => Milestone.Agreeing,
        CoordinatorEvent.StageReached { Stage: RoundStage.Closing } => Milestone.Closing,
        CoordinatorEvent.StageReached { Stage: RoundStage.Releasing } => Milestone.Releasing,
        CoordinatorEvent.StageReached { Stage: RoundStage.Committing } => Milestone.Committing,
        CoordinatorEvent.Committed => Milestone.Committed,
        CoordinatorEvent.Aborted => Milestone.Aborted,
        CoordinatorEvent.LeaderLost => Milestone.LeaderLost,
        CoordinatorEvent.Reorganising => Milestone.Reorganising,
        CoordinatorEvent.Replaced => Milestone.Replaced,
        CoordinatorEvent.Resumed => Milestone.Resumed,
        _ => null,
    };
}
