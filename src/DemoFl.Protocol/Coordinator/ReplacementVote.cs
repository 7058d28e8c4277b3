namespace DemoFl.Protocol;

/// <summary>
/// What an elected node and the surviving leaders say to its taking a lost slot, at the coordinator: the node offers keys, and every survivor agrees to
/// exactly that set and key (DESIGN section 7).
/// </summary>
internal sealed class ReplacementVote(RoundSpec spec, LeaderSet leaders, LeaderSet next, Slot slot)
{
    private readonly Dictionary<Slot, SignedReplacement> _agreements = [];
    private SignedOffer? _offer;

    /// <summary>L', with the node that is asked to take the slot.</summary>
    public LeaderSet Next => next;

    public NodeId Candidate => next.Seats[slot.Index].Holder;

    /// <summary>The survivors have been asked: a leader agrees to one replacement a round, so there is no other candidate any more.</summary>
    public bool IsAsked => _offer is not null;

    public bool IsAgreed => IsAsked && _agreements.Count == leaders.Seats.Length - 1;

    public SignedOffer Offer => _offer!;

    /// <summary>Asks the elected node for its key offer.</summary>
    public void Open(List<CoordinatorEffect> effects) => effects.Add(new CoordinatorEffect.Send(Candidate, new ServerMessage.SlotOffered(spec.Round, next)));

    /// <summary>Takes the elected node's offer and asks the survivors.</summary>
    public void OnOffer(NodeId node, SignedOffer signed, List<CoordinatorEffect> effects)
    {
        if (IsAsked || node != Candidate || !next.Seats[slot.Index].Made(signed.Offer) || signed.Offer.FirstRound != spec.Round)
        {
            return;
        }

        _offer = signed;
        foreach (var seat in leaders.Seats.Where(s => s.Slot != slot))
        {
            effects.Add(new CoordinatorEffect.Send(seat.Holder, new ServerMessage.ReplacementAsked(spec.Round, next, signed)));
        }
    }

    public void OnAgreed(NodeId node, NodeMessage.ReplacementAgreed agreed)
    {
        if (IsAsked && agreed.Round == spec.Round && leaders.SeatOf(node) is { } seat && seat.Slot != slot && agreed.Signed.Signer == seat.Slot
            && agreed.Signed.Replacement == Replacement.Of(spec.Round, next, Offer.Offer))
        {
            _agreements.TryAdd(seat.Slot, agreed.Signed);
        }
    }

    /// <summary>What every node is told once all survivors have agreed.</summary>
    public ServerMessage.Replaced Outcome() =>
        new(spec.Round, next, Offer, [.. _agreements.OrderBy(a => a.Key.Index).Select(a => a.Value)]);
}
