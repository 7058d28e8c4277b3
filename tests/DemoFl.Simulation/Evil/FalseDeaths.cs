namespace DemoFl.Simulation;

/// <summary>
/// Leaders declared dead that are not, one after another, so as to have the seeds of their slots resealed to an accomplice: with the signatures of
/// survivors who can be talked into it, without those of the others, with different successors for different parties.
/// </summary>
internal sealed class FalseDeaths(EvilServer server, Federation federation, FurtherClosings closings)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(120);

    private readonly SplitMix64 _randomness = Randomness.For(federation.Scenario.Seed, "false deaths");
    private readonly List<(NodeId From, NodeMessage.ReplacementAgreed Said)> _agreed = [];
    private readonly Dictionary<Term, SignedOffer> _offers = [];
    private ulong _terms;

    public void OnRound(RoundSpec spec) => Maybe(spec.Round, TimeSpan.FromMilliseconds(1500));

    public void OnStage(Round round) => Maybe(round, TimeSpan.FromMilliseconds(60));

    public void OnHeard(NodeId from, NodeMessage message)
    {
        switch (message)
        {
            case NodeMessage.ReplacementAgreed m:
                _agreed.Add((from, m));
                break;
            case NodeMessage.OfferMade m:
                _offers.TryAdd(m.Offer.Offer.Term, m.Offer);
                break;
        }
    }

    private void Maybe(Round round, TimeSpan latest)
    {
        if (server.Strikes(Tampering.DeclaresDead, 2))
        {
            federation.Events.After(_randomness.UpTo(latest), () => Declare(round, again: _randomness.OneIn(2)));
        }
    }

    private void Declare(Round round, bool again)
    {
        if (federation.Server.Machine.Leaders is not { } leaders || federation.Server.Finished is not null)
        {
            return;
        }

        if (_randomness.OneIn(4))
        {
            // The machine itself is made to believe it.
            var dead = _randomness.Pick(leaders.Seats).Holder;
            if (federation.Population.Find(dead)?.Life is { Control: { } stream } session)
            {
                federation.Server.Step(new CoordinatorInput.NodeDeparted(dead, session.Incarnation, stream.Connection));
                federation.Events.After(2 * Patience, () => federation.Server.Join(stream));
            }

            return;
        }

        // Parties that are not told go on under the old set; leaders that are must not count them.
        var some = Everybody().Where(n => leaders.SeatOf(n) is not null || _randomness.OneIn(2));
        Replace(round, leaders, _randomness.OneIn(3) ? [.. some] : Everybody());
        if (again)
        {
            // Another slot to the same parties, or another successor of the same slot to some of them.
            federation.Events.After(3 * Patience, () => Replace(round, leaders, [.. Everybody().Where(_ => _randomness.OneIn(2))]));
        }
    }

    /// <summary>One slot of these leaders to somebody else, step by step as the honest server would, but for what is missing.</summary>
    private void Replace(Round round, LeaderSet leaders, NodeId[] parties)
    {
        var lost = _randomness.Pick(leaders.Seats);
        var successor = _randomness.OneIn(2) ? server.Accomplices.Outside(leaders) : null;
        successor ??= Anybody(leaders);
        if (successor is null || successor.Resident.Id == lost.Holder)
        {
            return;
        }

        var term = new Term(leaders.Term.Value + ++_terms);
        var seat = new Seat(lost.Slot, successor.Resident.Id, successor.Incarnation, term);
        var seats = leaders.Seats.Select((s, i) => i == lost.Slot.Index ? seat : s);
        if (leaders.SeatOf(seat.Holder) is not null && _randomness.OneIn(2))
        {
            // A node that holds a slot already is to get another, and the lost one its own.
            seats = seats.Select(s => s.Holder == seat.Holder && s.Slot != seat.Slot
                ? s with { Holder = lost.Holder, Incarnation = lost.Incarnation, Since = term }
                : s);
        }

        if (Equivocation.SetOf(leaders.Run, term, [.. seats]) is not { } next)
        {
            return;
        }

        Say(parties, new ServerMessage.Paused(round, term, lost.Slot));
        if (successor.Resident.IsCorrupt)
        {
            _offers[term] = server.Accomplices.Offer(leaders.Run, seat, round);
        }
        else
        {
            server.Say(seat.Holder, new ServerMessage.SlotOffered(round, next));
        }

        federation.Events.After(Patience, () => Ask(round, leaders, next, lost.Slot, parties));
    }

    private void Ask(Round round, LeaderSet leaders, LeaderSet next, Slot lost, NodeId[] parties)
    {
        if (!_offers.TryGetValue(next.Term, out var offer))
        {
            return;
        }

        var replacement = Replacement.Of(round, next, offer.Offer);
        server.Accomplices.Sign(leaders, replacement);
        bool asksAll = !_randomness.OneIn(3);
        foreach (var survivor in leaders.Seats.Where(s => s.Slot != lost && !server.Accomplices.IsOne(s.Holder) && (asksAll || _randomness.OneIn(2))))
        {
            server.Say(survivor.Holder, new ServerMessage.ReplacementAsked(round, next, offer));
        }

        if (_randomness.OneIn(2))
        {
            // What they have signed before, they must not release any more.
            federation.Events.After(Patience / 2, () => closings.Release(round, leaders));
        }

        federation.Events.After(Patience, () => Tell(round, leaders, next, lost, offer, parties));
    }

    private void Tell(Round round, LeaderSet leaders, LeaderSet next, Slot lost, SignedOffer offer, NodeId[] parties)
    {
        var replacement = Replacement.Of(round, next, offer.Offer);
        bool forges = server.Strikes(Tampering.Forges, 1);
        var agreements = leaders.Seats.Where(s => s.Slot != lost)
            .Where(s => forges || server.Accomplices.IsOne(s.Holder)
                || _agreed.Exists(a => a.From == s.Holder && a.Said.Signed.Replacement == replacement))
            .Select(s => new SignedReplacement(s.Slot, replacement, default));
        Say(parties, new ServerMessage.Replaced(round, next, offer, [.. agreements]));
        federation.Tally.Count("replacements pressed for");
        federation.Events.After(2 * Patience, () => closings.Close(round, next));
    }

    private void Say(NodeId[] to, ServerMessage message) => Array.ForEach(to, n => server.Say(n, message));

    private NodeId[] Everybody() => [.. federation.Population.Residents.Select(r => r.Id)];

    private NodeHost? Anybody(LeaderSet leaders)
    {
        var present = federation.Population.Residents.Where(r => r.Life is not null && (leaders.SeatOf(r.Id) is null || _randomness.OneIn(2))).ToArray();
        return present.Length == 0 ? null : _randomness.Pick(present).Life;
    }
}
