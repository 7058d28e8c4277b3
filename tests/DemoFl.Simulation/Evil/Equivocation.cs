using System.Collections.Immutable;

namespace DemoFl.Simulation;

/// <summary>Different words for different nodes: of the leaders, the round, whose vectors are complete, and over whom to release.</summary>
internal sealed class Equivocation(EvilServer server, Federation federation)
{
    private const int Odds = 4;

    private readonly SplitMix64 _randomness = Randomness.For(federation.Scenario.Seed, "equivocation");
    private readonly Dictionary<(NodeId To, Term Term), (LeaderSet Leaders, SignedOffer Offer)> _told = [];

    public ServerMessage Alter(NodeId to, ServerMessage message) => message switch
    {
        ServerMessage.LeadersAnnounced m => Leaders(to, m),
        ServerMessage.OffersPublished m => Offers(to, m),
        ServerMessage.RoundOpened m => m with { Spec = Spec(m.Spec) },
        ServerMessage.HoldingsAsked m => m with { Uploaded = Uploads(m.Uploaded) },
        ServerMessage.IntersectionProposed m => m with { Intersection = Intersection(m.Intersection) },
        _ => message,
    };

    /// <summary>Null where no such set can even be told of, as where a process would hold two slots.</summary>
    public static LeaderSet? SetOf(RunId run, Term term, ImmutableArray<Seat> seats)
    {
        try
        {
            return new LeaderSet(run, term, seats);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>B, less or more than it should be.</summary>
    public PartySet Intersection(PartySet b) => server.Strikes(Tampering.EquivocatesOnIntersection, Odds) ? OneOff(b)
        : server.Strikes(Tampering.AsksAgain, 2 * Odds) ? new PartySet(b.Contributions.Take(2))
        : b;

    private ServerMessage.LeadersAnnounced Leaders(NodeId to, ServerMessage.LeadersAnnounced announced)
    {
        var leaders = announced.Leaders;
        var slot = _randomness.Pick(leaders.Seats).Slot;
        Seat? seat = null;
        if (server.Strikes(Tampering.EquivocatesOnLeaders, Odds) && server.Accomplices.Outside(leaders) is { } accomplice)
        {
            seat = new Seat(slot, accomplice.Resident.Id, accomplice.Incarnation, leaders.Term);
        }
        else if (server.Strikes(Tampering.InventsNodes, 2 * Odds))
        {
            seat = new Seat(slot, new NodeId(_randomness.Next256()), new Incarnation(_randomness.Next128()), leaders.Term);
        }

        if (seat is null || leaders.SeatOf(to)?.Slot == slot || SetOf(leaders.Run, leaders.Term, leaders.Seats.SetItem(slot.Index, seat)) is not { } other)
        {
            return announced;
        }

        var first = new Round(Math.Max(1, announced.NextRound.Value));
        var invented = new KeyOffer(leaders.Run, leaders.Term, slot, seat.Holder, seat.Incarnation, first, _randomness.Next256().ToArray());
        _told[(to, leaders.Term)] = (other, server.Accomplices.IsOne(seat.Holder)
            ? server.Accomplices.Offer(leaders.Run, seat, first)
            : new SignedOffer(invented, new Credentials("", default, default), default));
        return announced with { Leaders = other };
    }

    private ServerMessage.OffersPublished Offers(NodeId to, ServerMessage.OffersPublished published)
    {
        if (_told.TryGetValue((to, published.Term), out var told))
        {
            return published with { Offers = [.. published.Offers.Select(o => o.Offer.Slot == told.Offer.Offer.Slot ? told.Offer : o)] };
        }

        if (server.Strikes(Tampering.Forges, Odds))
        {
            // A key of the server's own in a leader's name.
            var forged = _randomness.Pick(published.Offers);
            var mine = forged with { Offer = forged.Offer with { PublicKey = _randomness.Next256().ToArray() } };
            return published with { Offers = published.Offers.Replace(forged, mine) };
        }

        return published;
    }

    private RoundSpec Spec(RoundSpec spec)
    {
        if (server.Strikes(Tampering.InventsNodes, Odds))
        {
            return spec with { Participants = Sorted(spec.Participants.Add(new NodeId(_randomness.Next256()))) };
        }

        return !server.Strikes(Tampering.EquivocatesOnSpec, Odds) ? spec : _randomness.Below(6) switch
        {
            0 => spec with { KMin = 1 },
            1 => spec with { ModelHash = _randomness.Next256() },
            2 => spec with { Training = spec.Training with { Epochs = 0 } },
            3 => spec with { Participants = spec.Participants.RemoveAt(_randomness.Below(spec.Participants.Length)) },
            4 => spec with { Layout = Layout.Plain },
            _ => spec with { Encoding = spec.Encoding with { Clip = spec.Encoding.Clip * 2 } },
        };
    }

    private PartySet Uploads(PartySet uploaded)
    {
        if (server.Strikes(Tampering.InventsNodes, Odds))
        {
            return new PartySet(uploaded.Contributions.Add(new Contribution(new NodeId(_randomness.Next256()), _randomness.Next256())));
        }

        return server.Strikes(Tampering.EquivocatesOnUploads, Odds) ? OneOff(uploaded) : uploaded;
    }

    private PartySet OneOff(PartySet set)
    {
        if (set.Count == 0)
        {
            return set;
        }

        int at = _randomness.Below(set.Count);
        var contribution = set.Contributions[at];
        var others = federation.Population.Residents.Where(r => set.Contributions.All(c => c.Party != r.Id)).ToArray();
        return _randomness.Below(3) switch
        {
            0 => new PartySet(set.Contributions.RemoveAt(at)),
            1 when others.Length > 0 => new PartySet(set.Contributions.Add(new Contribution(_randomness.Pick(others).Id, _randomness.Next256()))),
            1 => new PartySet(set.Contributions.RemoveAt(at)),
            _ => new PartySet(set.Contributions.SetItem(at, contribution with { NonceHash = _randomness.Next256() })),
        };
    }

    private static ImmutableArray<NodeId> Sorted(ImmutableArray<NodeId> nodes) => [.. nodes.OrderBy(n => n.Value)];
}
