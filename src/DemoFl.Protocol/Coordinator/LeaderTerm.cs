using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>The coordinator's view of one term after another: the open election, the seated leaders and their key offers.</summary>
internal sealed class LeaderTerm(CoordinatorRules rules, Term lastTerm)
{
    /// <summary>
    /// Rounds that one key offer may serve: a node that joins must be able to step its ratchets from the offer's first round to the present one,
    /// and a channel reaches 4,096 rounds.
    /// </summary>
    public const ulong MaxRounds = 4_000;

    /// <summary>For recommendations to travel once the window is over.</summary>
    public static readonly TimeSpan RecommendationGrace = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<int, SignedOffer> _offers = [];
    private readonly Dictionary<Seat, string> _vacated = [];
    private readonly HashSet<NodeId> _distrusted = [];
    private readonly HashSet<NodeId> _silent = [];
    private LeaderElection? _election;
    private LeaderSet? _last;
    private readonly HashSet<NodeId> _passedOver = [];
    private Seat? _relieved;
    private bool _retired;
    private Round _firstRound;
    private int _roundsServed;

    public Term Term { get; private set; } = lastTerm;

    /// <summary>L; null while another set is elected.</summary>
    public LeaderSet? Seated { get; private set; }

    public bool ElectionComplete => _election is { IsComplete: true };

    /// <summary>
    /// Opens the next term. Leaders that are there and have given no reason against it keep their seats, and their channels with everyone; where nobody
    /// is known to be gone, all slots are filled anew.
    /// </summary>
    public void Open(Membership members, Round nextRound, SplitMix64 randomness, List<CoordinatorEffect> effects)
    {
        var last = Seated ?? _last;
        ImmutableArray<Seat> kept = _retired ? [] : [.. last?.Seats.Where(s => Stays(s, members) && Reaches(s, nextRound)) ?? []];
        if (kept.Length == rules.EffectiveLeaders)
        {
            kept = [];
        }

        bool othersCan = members.LeadingProcessesWithout(_passedOver.Union(_distrusted).ToHashSet()) >= rules.EffectiveLeaders;
        HashSet<NodeId> passedOver = othersCan ? [.. _passedOver] : [];
        _passedOver.Clear();
        (_last, Seated, _relieved, _retired) = (last, null, null, false);
        Elect(members.Everyone, kept, m => !passedOver.Contains(m.Node), members, randomness, effects);
    }

    /// <summary>Opens a term that fills one slot of the open round's set with a node that has keys with all the others. L stays seated until then.</summary>
    public void OpenReplacement(Round round, Slot slot, Membership members, SplitMix64 randomness, List<CoordinatorEffect> effects)
    {
        var lost = Seated!.Seats[slot.Index];
        Elect(
            members.Keyed, [.. Seated.Seats.Where(s => s != lost)], m => members.IsKeyed(m.Node) && m.Node != lost.Holder, members, randomness, effects,
            new ServerMessage.Paused(round, Term.Next, slot));
    }

    /// <summary>No leaders until the next election: who arrives meanwhile is told of none.</summary>
    public void Dismiss()
    {
        (_election, _last, Seated) = (null, null, null);
        _offers.Clear();
    }

    /// <summary>Whether the node leads, or did before the election that is under way.</summary>
    public bool HasLed(NodeId node) => (Seated ?? _last)?.SeatOf(node) is not null;

    public void OnDeparture(NodeId node)
    {
        _silent.Remove(node);
        _election?.Withdraw(node);
    }

    public void OnRecommendation(Member candidate, Term term)
    {
        _silent.Remove(candidate.Node);
        if (term == _election?.Term)
        {
            _election.Recommend(candidate);
        }
    }

    /// <summary>A holder that kept its seat in the open election has gone since: what is elected would be incomplete.</summary>
    public bool ElectionIsVoid(Membership members) => _election is { } election && election.Kept.Any(s => !Stays(s, members));

    /// <summary>The set that the complete election makes; ends the election.</summary>
    public LeaderSet Elected()
    {
        var elected = _election!.Seat();
        _election = null;
        return elected;
    }

    /// <summary>Seats what was elected between rounds, and tells everybody.</summary>
    public LeaderSet Seat(Round nextRound, List<CoordinatorEffect> effects)
    {
        (_firstRound, Seated) = (nextRound, Elected());
        foreach (var seat in Seated.Seats.Where(s => s.Since == Term))
        {
            _offers.Remove(seat.Slot.Index);
        }

        _vacated.Clear();
        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.LeadersAnnounced(Seated, nextRound)));
        return Seated;
    }

    /// <summary>Seats the set of a replacement that every survivor has agreed to.</summary>
    public void Adopt(LeaderSet next, SignedOffer offer)
    {
        Seated = next;
        _offers[offer.Offer.Slot.Index] = offer;
    }

    /// <summary>Keeps the one offer a seat may make; publishes all of them when the last is in.</summary>
    public void OnOffer(NodeId node, SignedOffer signed, List<CoordinatorEffect> effects)
    {
        var offer = signed.Offer;
        if (Seated?.SeatOf(node) is not { } seat || !seat.Made(offer) || seat.Since != Term)
        {
            return;
        }

        if (offer.FirstRound != _firstRound)
        {
            Vacate(node, "its key offer starts at another round");
        }
        else if (_offers.TryAdd(seat.Slot.Index, signed) && _offers.Count == Seated.Seats.Length)
        {
            effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.OffersPublished(Term, [.. _offers.Values])));
        }
    }

    /// <summary>Tells who arrives in the middle of a term what it missed, so that it can take part from the next round on.</summary>
    public void Welcome(NodeId node, Round nextRound, List<CoordinatorEffect> effects)
    {
        if (Seated is not null)
        {
            effects.Add(new CoordinatorEffect.Send(node, new ServerMessage.LeadersAnnounced(Seated, nextRound)));
            if (_offers.Count == Seated.Seats.Length)
            {
                effects.Add(new CoordinatorEffect.Send(node, new ServerMessage.OffersPublished(Seated.Term, [.. _offers.Values])));
            }
        }
        else if (_election is not null && rules.Election == ElectionMode.First)
        {
            effects.Add(new CoordinatorEffect.Send(node, new ServerMessage.ElectionOpened(Term, rules.ElectionWindow, _election.Vacant)));
        }
    }

    /// <summary>A holder that joined again has lost its channels, and one that is silent or refuses a round its use.</summary>
    public void Vacate(NodeId node, string reason)
    {
        // Between two sets, a seat is held by who keeps it in the election.
        if ((Seated?.SeatOf(node) ?? _election?.Kept.FirstOrDefault(s => s.Holder == node)) is { } seat)
        {
            _vacated.TryAdd(seat, reason);
        }
    }

    /// <summary>A holder that answers no more. It may be connected still: until it speaks, nobody counts on its coming forward.</summary>
    public void LoseSilent(NodeId node, string reason)
    {
        if (Seated?.SeatOf(node) is { } seat && _vacated.TryAdd(seat, reason))
        {
            _silent.Add(node);
        }
    }

    /// <summary>This node leads no more, as long as enough others can.</summary>
    public void Distrust(NodeId node, string reason)
    {
        _distrusted.Add(node);
        Vacate(node, reason);
    }

    /// <summary>A round was aborted: who was lost in it does not win the next election, if enough others can. A broken connection is no crime beyond that.</summary>
    public void PassOverLost(Membership members) => _passedOver.UnionWith(Lost(members).Select(l => l.Seat.Holder));

    /// <summary>
    /// The time for keys is over: who has offered none for its seat is not waited for again, and those that are new in theirs, one of which may have
    /// confirmed nobody, do not win the next election if enough others can.
    /// </summary>
    public void DistrustKeyless()
    {
        _passedOver.UnionWith(Seated!.Seats.Where(s => s.Since == Term).Select(s => s.Holder));
        foreach (var seat in Seated!.Seats.Where(s => !_offers.ContainsKey(s.Slot.Index)))
        {
            Distrust(seat.Holder, "it offered no keys in time");
        }
    }

    /// <summary>Ends the term of all its leaders without blaming anybody in particular.</summary>
    public void Retire() => _retired = true;

    /// <summary>A round is over: true when the longest-serving slot is to be handed on now (DESIGN section 7).</summary>
    public bool ServedRound(Membership members)
    {
        bool another = rules.EffectiveLeaders > 0 && members.LeadingProcesses > rules.EffectiveLeaders;
        return ++_roundsServed >= rules.Care.Tenure && rules.Care.Tenure > 0 && another && Seated is not null;
    }

    /// <summary>Takes the longest-serving holder out of its slot, and out of the next election if others can lead.</summary>
    public Seat Relieve()
    {
        var seat = Seated!.Seats.MinBy(s => (s.Since.Value, s.Slot.Index))!;
        (_roundsServed, _relieved) = (0, seat);
        _passedOver.Add(seat.Holder);
        return seat;
    }

    /// <summary>Whether the seated leaders' keys can serve a round of this number.</summary>
    public bool Reaches(Round round) => rules.EffectiveLeaders == 0 || (Seated?.Seats.All(s => Reaches(s, round)) ?? false);

    public bool IsIntact(Membership members) => rules.EffectiveLeaders == 0 || (!_retired && (Seated?.Seats.All(s => Stays(s, members)) ?? false));

    public IEnumerable<(Seat Seat, string Reason)> Lost(Membership members) =>
        Seated?.Seats.Select(s => (s, Loss(s, members)!)).Where(s => s.Item2 is not null) ?? [];

    public void ReportLost(Membership members, List<CoordinatorEffect> effects)
    {
        foreach (var (seat, reason) in Lost(members))
        {
            effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.LeaderLost(Term, seat.Slot, seat.Holder, reason)));
        }
    }

    private bool Stays(Seat seat, Membership members) => seat != _relieved && Loss(seat, members) is null;

    private string? Loss(Seat seat, Membership members) => _vacated.GetValueOrDefault(seat)
        ?? (members.Find(seat.Holder)?.Incarnation != seat.Incarnation ? "its connection ended" : null);

    private bool Reaches(Seat seat, Round round) =>
        _offers.TryGetValue(seat.Slot.Index, out var signed) && seat.Made(signed.Offer) && round.Value - signed.Offer.FirstRound.Value < MaxRounds;

    private void Elect(
        IReadOnlyList<Member> candidates, ImmutableArray<Seat> kept, Func<Member, bool> eligible, Membership members, SplitMix64 randomness,
        List<CoordinatorEffect> effects, ServerMessage.Paused? pause = null)
    {
        Term = Term.Next;
        bool choosy = members.LeadingProcessesWithout(_distrusted.Union(_silent).ToHashSet()) >= rules.EffectiveLeaders;
        _election = new LeaderElection(rules.Run, Term, rules.EffectiveLeaders, kept, m => eligible(m) && !(choosy && _distrusted.Contains(m.Node)));
        effects.Add(new CoordinatorEffect.Journal(new JournalEntry.TermOpened(Term)));
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.ElectionStarted(Term)));
        if (pause is not null)
        {
            effects.Add(new CoordinatorEffect.Broadcast(pause));
        }

        if (rules.Election == ElectionMode.Appointed)
        {
            _election.Appoint(candidates, randomness);
        }
        else
        {
            effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.ElectionOpened(Term, rules.ElectionWindow, _election.Vacant)));
        }
    }
}
