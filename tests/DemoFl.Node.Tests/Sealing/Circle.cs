using DemoFl.Protocol;
using DemoFl.Wire;

namespace DemoFl.Node.Tests.Sealing;

/// <summary>
/// Four nodes, of which the first two hold slots 0 and 1, with channels made by real offers and answers. The fourth may take slot 1.
/// </summary>
internal sealed class Circle : IDisposable
{
    public static readonly Round FirstRound = new(5);

    public Circle()
    {
        Leaders = Seat(new Term(2));
        Begin();
    }

    public Peer[] Peers { get; } = [new("ada"), new("bob"), new("cyd"), new("dan")];

    public Peer Holder => Peers[0];

    public Peer OtherHolder => Peers[1];

    public Peer Party => Peers[2];

    public Peer NewHolder => Peers[3];

    public LeaderSet Leaders { get; private set; }

    /// <summary>The leaders with slot 1 filled anew.</summary>
    public LeaderSet Next => new(Some.Run, new Term(3), [
        Leaders.Seats[0], new Seat(new Slot(1), NewHolder.Id, NewHolder.Options.Incarnation, new Term(3))]);

    public SignedOffer[] Offers { get; private set; } = [];

    /// <summary>The leaders of another term.</summary>
    public LeaderSet Seat(Term term) => new(
        Some.Run, term, [.. Peers.Take(2).Select((p, i) => new Seat(new Slot(i), p.Id, p.Options.Incarnation, term))]);

    /// <summary>Everyone resets for these leaders; the two holders offer.</summary>
    public void Begin(LeaderSet? leaders = null)
    {
        Leaders = leaders ?? Leaders;
        foreach (var peer in Peers)
        {
            peer.Book.Seat(Leaders, roundIsOpen: false);
        }

        Offers = [.. Leaders.Seats.Select((s, i) => Peers[i].Book.Offer(Leaders, s.Slot, FirstRound))];
    }

    /// <summary>Everyone answers every offer; answers arrive.</summary>
    public Circle Agree()
    {
        foreach (var peer in Peers)
        {
            foreach (var (offer, holder) in Offers.Zip(Peers))
            {
                var (answer, objection) = peer.Book.Answer(offer);
                Assert.Null(objection);
                Assert.Null(holder.Book.Accept(peer.Id, answer!));
            }
        }

        return this;
    }

    /// <summary>Everyone seats the next leaders in the open round; the new holder offers, and the party answers.</summary>
    public LeaderSet Reorganise()
    {
        var next = Next;
        foreach (var peer in Peers)
        {
            peer.Book.Seat(next, roundIsOpen: true);
        }

        var offer = NewHolder.Book.Offer(next, new Slot(1), FirstRound);
        var (answer, objection) = Party.Book.Answer(offer);
        Assert.Null(objection);
        Assert.Null(NewHolder.Book.Accept(Party.Id, answer!));
        return next;
    }

    /// <summary>The party's message to the first holder.</summary>
    public V1.Sealed FromParty(SealedKind kind, Attempt attempt = default, Round? round = null) => Party.Book.SealToHolder(
        new Slot(0), kind, round ?? FirstRound, attempt, PeerContents.ToBytes(new PeerMessage.Confirm()))!.Value.Frame.Sealed;

    /// <summary>The first holder's message to the party.</summary>
    public V1.Sealed FromHolder(SealedKind kind) => Holder.Book.SealToParty(
        Party.Id, kind, FirstRound, default, PeerContents.ToBytes(new PeerMessage.Confirm()))!.Value.Frame.Sealed;

    public void Dispose()
    {
        foreach (var peer in Peers)
        {
            peer.Dispose();
        }
    }
}
