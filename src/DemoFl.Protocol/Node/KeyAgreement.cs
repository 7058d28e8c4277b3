using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// A node's agreement of keys with the leaders of one term: offers its own slot's key, answers everyone's, waits for every confirmation. What it has
/// agreed with the holders of an <paramref name="earlier"/> set holds on for those of them that stay in their seats.
/// </summary>
internal sealed class KeyAgreement(LeaderSet leaders, Slot? ownSlot, Round firstRound, KeyAgreement? earlier = null)
{
    private readonly HashSet<Slot> _answered = Kept(leaders, earlier, earlier?._answered);
    private readonly HashSet<Slot> _confirmed = Kept(leaders, earlier, earlier?._confirmed);

    public LeaderSet Leaders => leaders;

    public Slot? OwnSlot => ownSlot;

    public bool IsComplete => _confirmed.Count == leaders.Seats.Length;

    /// <summary>Seats the leaders, and offers keys for the slot that this node takes with them, unless it has done so before.</summary>
    public void Begin(bool offered, List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.SeatLeaders(leaders));
        if (ownSlot is { } slot && leaders.Seats[slot.Index].Since == leaders.Term)
        {
            effects.Add(new NodeEffect.Report(new NodeEvent.SlotTaken(leaders.Term, slot)));
            if (!offered)
            {
                effects.Add(new NodeEffect.OfferKeys(leaders, slot, firstRound));
            }
        }
    }

    public void Step(NodeInput input, List<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.FromServer { Message: ServerMessage.OffersPublished m } when m.Term == leaders.Term && IsComplete:
                // Said again to a coordinator that lost this node for a moment and publishes to it anew.
                effects.Add(new NodeEffect.Tell(new NodeMessage.KeysEstablished(leaders.Term)));
                break;
            case NodeInput.FromServer { Message: ServerMessage.OffersPublished m } when m.Term == leaders.Term && Matches(m):
                Answer(m.Offers, effects);
                break;

            // The party speaks first; the holder's reply therefore confirms both directions.
            case NodeInput.FromParty { Message: PeerMessage.Confirm } from when ownSlot is not null:
                effects.Add(new NodeEffect.ToParty(from.Party, new PeerMessage.Confirm()));
                break;
            case NodeInput.FromHolder { Message: PeerMessage.Confirm } from when _answered.Contains(from.Slot) && _confirmed.Add(from.Slot) && IsComplete:
                effects.Add(new NodeEffect.Report(new NodeEvent.KeysEstablished(leaders.Term)));
                effects.Add(new NodeEffect.Tell(new NodeMessage.KeysEstablished(leaders.Term)));
                break;
        }
    }

    /// <summary>Answers the offers of seats that are not answered yet.</summary>
    public void Answer(ImmutableArray<SignedOffer> offers, List<NodeEffect> effects)
    {
        ImmutableArray<SignedOffer> open = [.. offers.Where(o => IsOfSeat(o.Offer) && _answered.Add(o.Offer.Slot))];
        if (open.Length > 0)
        {
            effects.Add(new NodeEffect.AnswerOffers(leaders, open));
        }
    }

    /// <summary>One offer per seat, by the holder and incarnation that were announced: nobody slips in behind the leader set.</summary>
    private bool Matches(ServerMessage.OffersPublished published) =>
        published.Offers.Length == leaders.Seats.Length
        && leaders.Seats.All(seat => published.Offers.Count(o => o.Offer.Slot == seat.Slot && IsOfSeat(o.Offer)) == 1);

    private bool IsOfSeat(KeyOffer offer) => offer.Slot.Index < leaders.Seats.Length && leaders.Seats[offer.Slot.Index].Made(offer)
        && offer.Run == leaders.Run && IsWithinReach(offer.FirstRound);

    /// <summary>A ratchet that starts in the future could not seal the next round; one that starts too long ago could not be stepped up to it.</summary>
    private bool IsWithinReach(Round first) => first <= firstRound && firstRound.Value - first.Value < LeaderTerm.MaxRounds;

    private static HashSet<Slot> Kept(LeaderSet leaders, KeyAgreement? earlier, HashSet<Slot>? slots) =>
        slots is null ? [] : [.. leaders.Seats.Where(s => earlier!.Leaders.Seats.Contains(s) && slots.Contains(s.Slot)).Select(s => s.Slot)];
}
