namespace DemoFl.Protocol;

/// <summary>
/// The filling of one lost slot in the middle of a round, at the coordinator (DESIGN section 7): an election of one node, its keys, the survivors'
/// agreement. Each step has a deadline; what cannot be done any more says why.
/// </summary>
internal sealed class Reorganisation(
    CoordinatorRules rules, RoundSpec spec, Slot slot, LeaderTerm leaders, Membership members, SplitMix64 randomness, TimeSpan startedAt)
{
    private ReplacementVote? _vote;

    public Slot Slot => slot;

    public TimeSpan StartedAt => startedAt;

    public TimeSpan Deadline { get; private set; }

    /// <summary>Why the slot stays empty in this round, or null.</summary>
    public string? Failure { get; private set; }

    /// <summary>What every node is told once all survivors have agreed; null until then.</summary>
    public ServerMessage.Replaced? Outcome => _vote is { IsAgreed: true } ? _vote.Outcome() : null;

    /// <summary>Whether a node of another process than the seated ones could take the lost slot: nobody gets a second slot (promise P3).</summary>
    public static bool HasCandidate(LeaderSet seated, Seat lost, Membership members) => members.Keyed.Any(m => m.CanLead
        && seated.Seats.All(s => s == lost ? s.Holder != m.Node : s.Incarnation != m.Incarnation));

    /// <summary>Opens the election of one node.</summary>
    public void Elect(TimeSpan now, List<CoordinatorEffect> effects)
    {
        effects.Add(new CoordinatorEffect.Report(new CoordinatorEvent.Reorganising(spec.Round, leaders.Term.Next, slot)));
        leaders.OpenReplacement(spec.Round, slot, members, randomness, effects);
        Deadline = now + rules.ElectionWindow + LeaderTerm.RecommendationGrace;
    }

    public void OnSaid(NodeId node, NodeMessage message, List<CoordinatorEffect> effects)
    {
        switch (message)
        {
            case NodeMessage.OfferMade m:
                _vote?.OnOffer(node, m.Offer, effects);
                break;
            case NodeMessage.ReplacementAgreed m:
                _vote?.OnAgreed(node, m);
                break;

            // Who cannot take the slot is no candidate in the next try.
            case NodeMessage.LeaderRefused m when m.Round == spec.Round && node == _vote?.Candidate:
                members.ForgetKeysOf(node);
                break;
        }
    }

    /// <summary>Goes as far as the state allows.</summary>
    public void Advance(bool timeUp, TimeSpan now, List<CoordinatorEffect> effects)
    {
        if (_vote is { } vote && !members.IsKeyed(vote.Candidate))
        {
            LoseCandidate(vote, now, effects);
        }

        if (_vote is null && Failure is null && leaders.ElectionComplete)
        {
            _vote = new ReplacementVote(spec, leaders.Seated!, leaders.Elected(), slot);
            _vote.Open(effects);
            Deadline = now + rules.KeyDeadline;
        }
        else if (timeUp && Outcome is null)
        {
            Failure ??= _vote is null ? "nobody took the lost slot in time"
                : _vote.IsAsked ? "the leaders did not agree to a replacement in time"
                : "the node that was to take the lost slot offered no keys in time";
        }
    }

    private void LoseCandidate(ReplacementVote vote, TimeSpan now, List<CoordinatorEffect> effects)
    {
        _vote = null;
        if (vote.IsAsked || !HasCandidate(leaders.Seated!, leaders.Seated!.Seats[slot.Index], members))
        {
            Failure = "the node that was to take the lost slot is lost, too";
        }
        else
        {
            Elect(now, effects);
        }
    }
}
