namespace DemoFl.Simulation;

/// <summary>Closings that no machine asked for: another attempt, over another B, before, during and after the honest one.</summary>
internal sealed class FurtherClosings(EvilServer server, Federation federation)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(150);

    private readonly SplitMix64 _randomness = Randomness.For(federation.Scenario.Seed, "further closings");
    private readonly Dictionary<Round, int> _attempts = [];

    public void OnRound(RoundSpec spec) => Maybe(spec.Round, TimeSpan.FromMilliseconds(1500));

    public void OnStage(Round round) => Maybe(round, TimeSpan.FromMilliseconds(60));

    /// <summary>Asks these leaders for another attempt at a round: B_j, B, release. To each its own B, if the plan has it so.</summary>
    public void Close(Round round, LeaderSet leaders)
    {
        var attempt = new Attempt(_attempts[round] = _attempts.GetValueOrDefault(round, 1) + 1);
        bool byLeaders = federation.Scenario.Rules.Care.LeadersIntersect && _randomness.OneIn(2);
        var uploads = new PartySet(server.UploadsOf(round));
        bool alike = _randomness.OneIn(2);
        bool beyond = _randomness.OneIn(4);
        var each = leaders.Seats.Select(s => (s.Holder, B: alike ? uploads : Less(uploads))).ToArray();
        ToEach(each, TimeSpan.Zero, b => new ServerMessage.HoldingsAsked(round, attempt, beyond ? Less(b) : uploads, byLeaders));
        ToEach(each, Pace, b => new ServerMessage.IntersectionProposed(round, attempt, b));
        if (_randomness.OneIn(2))
        {
            // They may have signed different ones by now.
            ToEach(each, 1.5 * Pace, _ => new ServerMessage.IntersectionProposed(round, attempt, uploads));
        }

        ToEach(each, 2 * Pace, _ => new ServerMessage.ReleaseAsked(round, attempt));
        ToEach(each, 3 * Pace, _ => new ServerMessage.ReleaseAsked(round, attempt));
    }

    /// <summary>Asks for the sums of the newest attempt that was begun.</summary>
    public void Release(Round round, LeaderSet leaders) => ToEach(
        [.. leaders.Seats.Select(s => (s.Holder, new PartySet([])))], TimeSpan.Zero,
        _ => new ServerMessage.ReleaseAsked(round, new Attempt(_attempts.GetValueOrDefault(round, 1))));

    private void Maybe(Round round, TimeSpan latest)
    {
        if (server.Strikes(Tampering.AsksAgain, 2))
        {
            federation.Events.After(_randomness.UpTo(latest), () =>
            {
                if (federation.Server.Machine.Leaders is { } leaders)
                {
                    if (_randomness.OneIn(4))
                    {
                        Release(round, leaders);
                    }
                    else
                    {
                        Close(round, leaders);
                    }
                }
            });
        }
    }

    /// <summary>All who uploaded, or all but one.</summary>
    private PartySet Less(PartySet uploads) => uploads.Count > 0 && _randomness.OneIn(2)
        ? new PartySet(uploads.Contributions.RemoveAt(_randomness.Below(uploads.Count)))
        : server.Does(Tampering.EquivocatesOnIntersection) && _randomness.OneIn(4) ? new PartySet(uploads.Contributions.Take(2)) : uploads;

    private void ToEach(IReadOnlyList<(NodeId Holder, PartySet B)> each, TimeSpan after, Func<PartySet, ServerMessage> message)
    {
        federation.Events.After(after, () =>
        {
            foreach (var (holder, b) in each)
            {
                server.Say(holder, message(b));
            }
        });
    }
}
