namespace DemoFl.Protocol;

/// <summary>The coordinator's view of one term after another: the open election, the seated leaders and their key offers.</summary>
internal sealed class LeaderTerm(CoordinatorRules rules, Term lastTerm)
{
    /// <summary>
    /// Rounds that one term may serve: a node that joins must be able to step its ratchets from the term's first round to the present one,
    /// and a channel reaches 4,096 rounds.
    /// </summary>
    public const ulong MaxRounds = 4_000;

    /// <summary>For recommendations to travel once the window is over.</summary>
    public static readonly TimeSpan RecommendationGrace = TimeSpan.FromSeconds(2);

    private readonly SortedDictionary<int, SignedOffer> _offers = [];
    private readonly HashSet<NodeId> _vacated = [];
    private LeaderElection? _election;
    private Round _firstRound;
    private bool _retired;

    public Term Term { get; private set; } = lastTerm;

    public LeaderSet? Seated { get; private set; }

    public bool ElectionComplete => _election is { IsComplete: true };

    public void Open(IReadOnlyList<Member> members, SplitMix64 randomness, List<CoordinatorEffect> effects)
    {
        Term = Term.Next;
        Seated = null;
        _offers.Clear();
        _vacated.Clear();
        _retired = false;
        _election = new LeaderElection(rules.Run, Term, rules.EffectiveLeaders);
        effects.Add(new CoordinatorEffect.Journal(new JournalEntry.TermOpened(Term)));
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.ElectionStarted(Term)));
        if (rules.Election == ElectionMode.Appointed)
        {
            _election.Appoint(members, randomness);
        }
        else
        {
            effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.ElectionOpened(Term, rules.ElectionWindow, rules.EffectiveLeaders)));
        }
    }

    /// <summary>No leaders until the next election: who arrives meanwhile is told of none.</summary>
    public void Dismiss()
    {
        (_election, Seated) = (null, null);
        _offers.Clear();
    }

    public void OnDeparture(NodeId node) => _election?.Withdraw(node);

    public void OnRecommendation(Member candidate, Term term)
    {
        if (term == Term)
        {
            _election?.Recommend(candidate);
        }
    }

    public LeaderSet Seat(Round nextRound, List<CoordinatorEffect> effects)
    {
        _firstRound = nextRound;
        Seated = _election!.Seat();
        _election = null;
        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.LeadersAnnounced(Seated, nextRound)));
        return Seated;
    }

    /// <summary>Keeps the one offer a seat may make; publishes all of them when the last is in.</summary>
    public void OnOffer(NodeId node, SignedOffer signed, List<CoordinatorEffect> effects)
    {
        var offer = signed.Offer;
        if (offer.Term == Term && offer.FirstRound != _firstRound)
        {
            Vacate(node);
            return;
        }

        if (Seated?.SeatOf(node) is not { } seat || offer.Term != Term || offer.Slot != seat.Slot || offer.Holder != node
            || offer.Incarnation != seat.Incarnation || !_offers.TryAdd(seat.Slot.Index, signed) || _offers.Count < Seated.Seats.Length)
        {
            return;
        }

        effects.Add(new CoordinatorEffect.Broadcast(new ServerMessage.OffersPublished(Term, [.. _offers.Values])));
    }

    /// <summary>Tells who arrives in the middle of a term what it missed, so that it can take part from the next round on.</summary>
    public void Welcome(NodeId node, Round nextRound, List<CoordinatorEffect> effects)
    {
        if (_election is not null && rules.Election == ElectionMode.First)
        {
            effects.Add(new CoordinatorEffect.Send(node, new ServerMessage.ElectionOpened(Term, rules.ElectionWindow, rules.EffectiveLeaders)));
        }

        if (Seated is not null)
        {
            effects.Add(new CoordinatorEffect.Send(node, new ServerMessage.LeadersAnnounced(Seated, nextRound)));
            if (_offers.Count == Seated.Seats.Length)
            {
                effects.Add(new CoordinatorEffect.Send(node, new ServerMessage.OffersPublished(Term, [.. _offers.Values])));
            }
        }
    }

    /// <summary>A holder that joined again has lost its channels, and one that refuses a round its use; either ends the term.</summary>
    public void Vacate(NodeId node)
    {
        if (Seated?.SeatOf(node) is not null)
        {
            _vacated.Add(node);
        }
    }

    /// <summary>Whether the term can serve a round of this number.</summary>
    public bool Reaches(Round round) => rules.EffectiveLeaders == 0 || round.Value - _firstRound.Value < MaxRounds;

    /// <summary>Ends the term without blaming anybody in particular.</summary>
    public void Retire() => _retired = true;

    public bool IsIntact(Membership members) => rules.EffectiveLeaders == 0 || (Seated is not null && !_retired && !Lost(members).Any());

    public IEnumerable<Seat> Lost(Membership members) =>
        Seated?.Seats.Where(s => _vacated.Contains(s.Holder) || members.Find(s.Holder)?.Incarnation != s.Incarnation) ?? [];
}
