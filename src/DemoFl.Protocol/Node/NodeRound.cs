namespace DemoFl.Protocol;

/// <summary>What a node is in the open round, party or leader or both, and what becomes of that when a slot is filled anew (DESIGN section 7).</summary>
internal sealed class NodeRound(RoundSpec spec, LeaderSet? leaders, NodePolicy policy)
{
    private PartyRound? _party;
    private LeaderRound? _leader;
    private LeaderSet? _leaders = leaders;
    private int _replacements;

    public RoundSpec Spec => spec;

    /// <summary>The node takes the round as it is, whether or not it has a part in it. Who declined it takes no slot in it either.</summary>
    public bool Accepted { get; private set; }

    /// <summary>The leader set in which this node has offered keys for a lost slot, until it is seated.</summary>
    public LeaderSet? Offered { get; private set; }

    public bool Leads => _leader is not null;

    /// <summary>The sum that this node may be asked for, once all leaders have signed what it is the sum of.</summary>
    public NodeEffect.ReleaseSum? Agreed => _leader?.Agreed;

    public TimeSpan? Deadline => _party?.Deadline;

    public void Open(Slot? ownSlot, bool participates, List<NodeEffect> effects)
    {
        Accepted = true;
        effects.Add(new NodeEffect.OpenRound(spec));
        if (_leaders is not null && ownSlot is { } slot)
        {
            _leader = new LeaderRound(spec, _leaders, slot);
        }

        if (participates)
        {
            _party = new PartyRound(spec, _leaders);
            _party.Open(effects);
        }
    }

    public void Step(NodeInput input, TimeSpan now, List<NodeEffect> effects)
    {
        if (input is NodeInput.FromServer { Message: ServerMessage.Paused m } && m.Round != spec.Round)
        {
            return;
        }

        _party?.Step(input, now, effects);
        _leader?.Step(input, effects);
    }

    /// <summary>
    /// Whether this is to be kept until the slot is filled anew: anything for the slot that this node is to take, long things from leaders alone, and
    /// what a surviving leader is told under the set that it has agreed to.
    /// </summary>
    public bool Awaits(NodeInput input) => Offered is { } offered
        ? input is not NodeInput.FromParty { Message: PeerMessage.HoldingsShare or PeerMessage.DigestShare } m || offered.SeatOf(m.Party) is not null
        : _leader?.Awaits(input) == true;

    public void Lead(NodeInput input, List<NodeEffect> effects) => _leader?.Step(input, effects);

    /// <summary>Offers keys for the lost slot that <paramref name="next"/> gives this node.</summary>
    public void Offer(LeaderSet next, Slot slot, List<NodeEffect> effects)
    {
        Offered = next;
        effects.Add(new NodeEffect.OfferKeys(next, slot, spec.Round));
    }

    /// <summary>
    /// Why nothing of this round may go to the new holder, or null. Every other holder must have agreed to exactly this set and key, no more than
    /// <see cref="LeaderCare.MaxReplacements"/> slots are filled anew in a round, and nobody gets a second slot of it (promise P3).
    /// </summary>
    public string? Objection(ServerMessage.Replaced replaced)
    {
        if (_leaders?.ReplacedIn(replaced.Leaders) is not { } lost)
        {
            return "the new leader set does not fill one lost slot of the round's";
        }

        var offer = replaced.Offer.Offer;
        if (!replaced.Leaders.Seats[lost.Index].Made(offer) || offer.Run != spec.Run || offer.FirstRound != spec.Round)
        {
            return "the key offered is not the new holder's";
        }

        var expected = Replacement.Of(spec.Round, replaced.Leaders, offer);
        return _leaders.Seats.Length == 1 ? "no leader is left to agree to a replacement"
            : _replacements == LeaderCare.MaxReplacements ? "a slot has been filled anew in this round already"
            : _leaders.Seats.Any(s => s.Slot != lost && !replaced.Agreements.Any(a => a.Signer == s.Slot && a.Replacement == expected))
                ? "not every surviving leader has agreed to the replacement"
            : null;
    }

    /// <summary>The slot has its new holder; <paramref name="ownSlot"/> is what this node holds from now on.</summary>
    public void Reorganise(LeaderSet next, Slot slot, Slot? ownSlot, TimeSpan now, List<NodeEffect> effects)
    {
        bool taken = ownSlot == slot;
        (_leaders, Offered) = (next, null);
        _replacements++;
        effects.Add(new NodeEffect.Report(new NodeEvent.LeaderReplaced(spec.Round, next.Term, slot)));
        if (ownSlot is null)
        {
            _leader = null;
        }
        else if (taken)
        {
            _leader = new LeaderRound(spec, next, slot);
        }
        else
        {
            _leader?.Reorganise(next, effects);
        }

        if (_party is not null && policy.PartyRule?.Invoke(spec, next) is { } refusal)
        {
            _party = null;
            effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, refusal.Reason)));
            effects.Add(new NodeEffect.Tell(new NodeMessage.Declined(spec.Round, refusal.Told)));
        }

        _party?.Reorganise(next, slot, now, effects);
    }

    /// <summary>The node goes no further in this round.</summary>
    public void Refuse(string objection, List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, objection)));
        if (_party is not null)
        {
            effects.Add(new NodeEffect.Tell(new NodeMessage.Declined(spec.Round, objection)));
        }

        if (_leader is not null)
        {
            effects.Add(new NodeEffect.Tell(new NodeMessage.LeaderRefused(spec.Round, objection)));
        }

        (_party, _leader, Accepted) = (null, null, false);
    }
}
