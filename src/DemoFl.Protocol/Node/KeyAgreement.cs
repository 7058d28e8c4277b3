namespace DemoFl.Protocol;

/// <summary>A node's agreement of keys with the leaders of one term: offers its own slot's key, answers everyone's, waits for every confirmation.</summary>
internal sealed class KeyAgreement(LeaderSet leaders, Slot? ownSlot, Round firstRound)
{
    private readonly HashSet<Slot> _confirmed = [];
    private bool _answered;

    public LeaderSet Leaders => leaders;

    public Slot? OwnSlot => ownSlot;

    public bool IsComplete => _confirmed.Count == leaders.Seats.Length;

    public void Begin(List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.SeatLeaders(leaders));
        if (ownSlot is { } slot)
        {
            effects.Add(new NodeEffect.Report(new NodeEvent.SlotTaken(leaders.Term, slot)));
            effects.Add(new NodeEffect.OfferKeys(leaders, slot, firstRound));
        }
    }

    public void Step(NodeInput input, List<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.FromServer { Message: ServerMessage.OffersPublished m } when m.Term == leaders.Term && !_answered && Matches(m):
                _answered = true;
                effects.Add(new NodeEffect.AnswerOffers(leaders, m.Offers));
                break;

            // Said again to a coordinator that lost this node for a moment and publishes to it anew.
            case NodeInput.FromServer { Message: ServerMessage.OffersPublished m } when m.Term == leaders.Term && IsComplete:
                effects.Add(new NodeEffect.Tell(new NodeMessage.KeysEstablished(leaders.Term)));
                break;

            // The party speaks first; the holder's reply therefore confirms both directions.
            case NodeInput.FromParty { Message: PeerMessage.Confirm } from when ownSlot is not null:
                effects.Add(new NodeEffect.ToParty(from.Party, new PeerMessage.Confirm()));
                break;
            case NodeInput.FromHolder { Message: PeerMessage.Confirm } from when _answered && _confirmed.Add(from.Slot) && IsComplete:
                effects.Add(new NodeEffect.Report(new NodeEvent.KeysEstablished(leaders.Term)));
                effects.Add(new NodeEffect.Tell(new NodeMessage.KeysEstablished(leaders.Term)));
                break;
        }
    }

    /// <summary>One offer per seat, by the holder and incarnation that were announced: nobody slips in behind the leader set.</summary>
    private bool Matches(ServerMessage.OffersPublished published) =>
        published.Offers.Length == leaders.Seats.Length
        && leaders.Seats.All(seat => published.Offers.Count(o => o.Offer is var offer && offer.Run == leaders.Run && offer.Term == seat.Since
            && offer.Slot == seat.Slot && offer.Holder == seat.Holder && offer.Incarnation == seat.Incarnation && IsWithinReach(offer.FirstRound)) == 1);

    /// <summary>A ratchet that starts in the future could not seal the next round; one that starts too long ago could not be stepped up to it.</summary>
    private bool IsWithinReach(Round first) => first <= firstRound && firstRound.Value - first.Value < LeaderTerm.MaxRounds;
}
