using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>One filled slot: who holds it, in which life of its process, and since which term.</summary>
public sealed record Seat(Slot Slot, NodeId Holder, Incarnation Incarnation, Term Since)
{
    /// <summary>Whether the offer is of this seat's holder, in the same life, for the term in which it took the slot.</summary>
    public bool Made(KeyOffer offer) =>
        offer.Slot == Slot && offer.Holder == Holder && offer.Incarnation == Incarnation && offer.Term == Since;
}

/// <summary>
/// L, the leaders of one term in slot order. One process holds at most one slot (promise P3), hence distinct holders and
/// distinct incarnations.
/// </summary>
public sealed record LeaderSet
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "leader-set";

    /// <exception cref="ArgumentException">Slots are not 0 to N_l - 1 in order, or a process holds two of them.</exception>
    public LeaderSet(RunId run, Term term, ImmutableArray<Seat> seats)
    {
        for (int i = 0; i < seats.Length; i++)
        {
            if (seats[i].Slot.Index != i)
            {
                throw new ArgumentException($"Seat {i} is labelled slot {seats[i].Slot}.", nameof(seats));
            }
        }

        if (seats.Select(s => s.Holder).Distinct().Count() != seats.Length
            || seats.Select(s => s.Incarnation).Distinct().Count() != seats.Length)
        {
            throw new ArgumentException("A process holds two slots of one leader set.", nameof(seats));
        }

        (Run, Term, Seats) = (run, term, seats);
        Digest = Hash256.Of(Statement());
    }

    /// <summary>The run.</summary>
    public RunId Run { get; }

    /// <summary>The term these leaders serve.</summary>
    public Term Term { get; }

    /// <summary>N_l seats in slot order.</summary>
    public ImmutableArray<Seat> Seats { get; }

    /// <summary>H(L).</summary>
    public Hash256 Digest { get; }

    /// <summary>The seat of <paramref name="node"/>, or null.</summary>
    public Seat? SeatOf(NodeId node) => Seats.FirstOrDefault(s => s.Holder == node);

    /// <summary>
    /// The one slot that <paramref name="next"/> fills anew while all others stay, or null when it is no such successor. Its new holder is in no other
    /// seat of either set, and neither is another node of its process.
    /// </summary>
    public Slot? ReplacedIn(LeaderSet next)
    {
        if (next.Run != Run || next.Term <= Term || next.Seats.Length != Seats.Length)
        {
            return null;
        }

        var changed = next.Seats.Where(s => s != Seats[s.Slot.Index]).ToArray();
        return changed is [var seat] && seat.Since == next.Term ? seat.Slot : null;
    }

    /// <summary>The canonical bytes that the coordinator signs.</summary>
    public byte[] Statement()
    {
        var writer = new CanonicalWriter(Domain).UInt128(Run.Value).UInt64(Term.Value).Int32(Seats.Length);
        foreach (var seat in Seats)
        {
            writer.Int32(seat.Slot.Index).Hash(seat.Holder.Value).UInt128(seat.Incarnation.Value).UInt64(seat.Since.Value);
        }

        return writer.ToArray();
    }
}
