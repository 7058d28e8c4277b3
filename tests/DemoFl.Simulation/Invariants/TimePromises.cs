namespace DemoFl.Simulation;

/// <summary>
/// A leader that is gone or frozen is replaced in time (L1), and every round ends by its deadline (L2). Asked where nothing else disturbs the clock by
/// which they are measured: L1 where one leader is lost and nothing else happens, L2 where the server itself is neither frozen nor put forward.
/// </summary>
internal sealed class TimePromises(Federation federation)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ElectionGrace = TimeSpan.FromSeconds(2);

    private Round? _open;

    private Scenario Scenario => federation.Scenario;

    private TimeSpan Detection => (Scenario.Rules.Care.Heartbeat * (Scenario.Rules.Care.MissedBeats + 2)) + Slack;

    private TimeSpan Replacement => Detection + Scenario.Rules.ElectionWindow + ElectionGrace + Scenario.Rules.KeyDeadline + Scenario.Rules.CloseDeadline;

    private bool ServerRunsOn => !Scenario.Swarm.Disturbances.Any(d => d.Trouble is Trouble.PauseCoordinator or Trouble.CoordinatorClockJump);

    public void OnStart() => _open = null;

    private bool IsOver(Seat seat) => federation.Server.Finished is not null || federation.Server.Machine.Leaders?.Seats.Contains(seat) != true;

    public void OnReport(CoordinatorEvent happened)
    {
        switch (happened)
        {
            case CoordinatorEvent.RoundStarted m:
                RequireEnd(m.Spec.Round);
                break;
            case CoordinatorEvent.RoundTakenUp m:
                RequireEnd(m.Round);
                break;
            case CoordinatorEvent.Committed or CoordinatorEvent.Aborted:
                _open = null;
                break;
        }
    }

    private void RequireEnd(Round round)
    {
        _open = round;
        federation.Events.After(Scenario.LongestOpenRound, () => Promise.Require(
            !ServerRunsOn || _open != round || federation.Server.Finished is not null,
            $"L2: round {round} is neither committed nor aborted by its deadline"));
    }

    public void OnStruck(Disturbance disturbance, Resident target)
    {
        bool alone = Scenario.Evil is null && Scenario.Swarm is { Faults: Faults.None, Disturbances.Length: 1 };
        bool lost = disturbance.Trouble is Trouble.Leave or Trouble.Restart or Trouble.Reconnect
            || (disturbance.Trouble == Trouble.Pause && disturbance.Lasting > Detection && federation.Events.Now + Detection < Scenario.Swarm.HealedAt);
        if (alone && lost && federation.Server.Machine.Leaders?.SeatOf(target.Id) is { } seat)
        {
            int reports = federation.Server.Reports.Count;
            federation.Events.After(Detection, () => Promise.Require(
                IsOver(seat) || federation.Server.Reports.Skip(reports).Any(r => r is CoordinatorEvent.LeaderLost m && m.Node == target.Id)
                    || federation.Troubles.Stage is nameof(RoundStage.Releasing) or nameof(RoundStage.Committing),
                $"L1: nobody has noticed {Detection.TotalSeconds:0.0} s after the {disturbance.Trouble} of {target.Name}"));
            federation.Events.After(Replacement, () => Promise.Require(
                IsOver(seat),
                $"L1: {target.Name} still leads {Replacement.TotalSeconds:0.0} s after its {disturbance.Trouble}"));
        }
    }
}
