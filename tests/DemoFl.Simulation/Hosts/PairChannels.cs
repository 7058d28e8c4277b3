namespace DemoFl.Simulation;

/// <summary>
/// The channels of one session of one node: as a party to every holder, as a holder to every party. The channels of a seat that stays are kept
/// when the leaders change; one to a holder that was replaced is set aside until the open round closes.
/// </summary>
internal sealed class PairChannels(NodeId self, Incarnation incarnation, SplitMix64 randomness, Signatures signatures)
{
    private static readonly Credentials Credentials = new("", default, default);

    private readonly Dictionary<Slot, PairChannel> _toHolders = [];
    private readonly List<PairChannel> _setAside = [];
    private readonly Dictionary<NodeId, PairChannel> _toParties = [];
    private readonly HashSet<Hash256> _answers = [];
    private LeaderSet? _leaders;
    private KeyOffer? _ownOffer;

    public void Seat(LeaderSet leaders, bool inRound)
    {
        _leaders = leaders;
        foreach (var (slot, channel) in _toHolders.ToArray())
        {
            if (slot.Index >= leaders.Seats.Length || channel.Seat != leaders.Seats[slot.Index])
            {
                _toHolders.Remove(slot);
                if (inRound)
                {
                    _setAside.Add(channel);
                }
            }
        }

        if (_ownOffer is { } own && !leaders.Seats.Contains(SeatOf(own)))
        {
            ForgetOffer();
        }
    }

    /// <summary>The round from whose masks replaced holders' channels were kept is over.</summary>
    public void CloseRound() => _setAside.Clear();

    public SignedOffer Offer(LeaderSet leaders, Slot slot, Round firstRound)
    {
        ForgetOffer();
        _ownOffer = new KeyOffer(leaders.Run, leaders.Term, slot, self, incarnation, firstRound, randomness.Next256().ToArray());
        signatures.Sign(self, _ownOffer.Statement());
        return new SignedOffer(_ownOffer, Credentials, default);
    }

    /// <summary>Null where the slot has a channel already, or the offer is not by the holder of its seat, or not signed.</summary>
    public SignedAnswer? Answer(SignedOffer signed)
    {
        var offer = signed.Offer;
        byte[] statement = offer.Statement();
        if (_leaders is null || _toHolders.ContainsKey(offer.Slot) || !_leaders.Seats.Contains(SeatOf(offer)) || !signatures.Verify(offer.Holder, statement))
        {
            return null;
        }

        var answer = new KeyAnswer(Hash256.Of(statement), self, incarnation, randomness.Next256().ToArray());
        signatures.Sign(self, answer.Statement());
        _toHolders[offer.Slot] = new PairChannel(KeyAnswer.Transcript(offer, answer), offer.Holder, SeatOf(offer));
        return new SignedAnswer(answer, Credentials, default);
    }

    /// <summary>A party that joins again answers again, and gets a fresh channel; an answer that was taken before never resets one.</summary>
    public void Accept(NodeId sender, KeyAnswer answer)
    {
        byte[] statement = answer.Statement();
        if (_ownOffer is not null && answer.Party == sender && answer.OfferHash == Hash256.Of(_ownOffer.Statement())
            && signatures.Verify(sender, statement) && _answers.Add(Hash256.Of(statement)))
        {
            _toParties[sender] = new PairChannel(KeyAnswer.Transcript(_ownOffer, answer), sender, SeatOf(_ownOffer));
        }
    }

    public PairChannel? ToHolder(Slot slot) => _toHolders.GetValueOrDefault(slot);

    public PairChannel? ToParty(NodeId party) => _toParties.GetValueOrDefault(party);

    /// <summary>The channel from which the mask towards this seat is derived, also when the seat has been given to another.</summary>
    public PairChannel? ForMask(Seat seat) =>
        ToHolder(seat.Slot) is { } present && present.Seat == seat ? present : _setAside.Find(c => c.Seat == seat);

    /// <summary>Null when there is no such channel (any more).</summary>
    public (NodeId Receiver, PeerFrame.Sealed Frame)? Seal(Slot slot, NodeId? party, SealedContent content)
    {
        var channel = party is { } id ? ToParty(id) : ToHolder(slot);
        return channel is null || _leaders is null
            ? null
            : (channel.Peer, new PeerFrame.Sealed(
                Context(_leaders.Run, _leaders.Term, channel.Seat, self, channel.Peer, content), ToHolder: party is null, channel.NextSequence(),
                channel.Key, content));
    }

    /// <summary>True when the frame opens here: the right channel, not seen before, nothing moved from another place, no lower term.</summary>
    public bool Opens(NodeId sender, PeerFrame.Sealed frame)
    {
        var context = frame.Context;
        var channel = frame.ToHolder ? ToParty(sender) : ToHolder(context.Slot);
        if (channel is null || _leaders is null || channel.Peer != sender)
        {
            return false;
        }

        bool stale = context.Kind != SealedKind.Confirm && !SealContext.BelongsToRound(context.Kind) && context.Term < _leaders.Term;
        var own = context with { Run = _leaders.Run, Sender = sender, Receiver = self };
        return !stale && frame.IsBoundTo(own, frame.ToHolder) && channel.Accepts(frame)
            && own == Context(_leaders.Run, context.Term, channel.Seat, sender, self, frame.Content);
    }

    private void ForgetOffer()
    {
        _ownOffer = null;
        _toParties.Clear();
        _answers.Clear();
    }

    private static Seat SeatOf(KeyOffer offer) => new(offer.Slot, offer.Holder, offer.Incarnation, offer.Term);

    private static SealContext Context(RunId run, Term term, Seat seat, NodeId sender, NodeId receiver, SealedContent content)
    {
        var (kind, round, attempt) = content switch
        {
            SealedContent.Vector m => (SealedKind.VectorPiece, m.Round, default(Attempt)),
            SealedContent.Seed m => (SealedKind.Seed, m.Round, default),
            SealedContent.Said { Message: PeerMessage.Announcement m } => (SealedKind.Announcement, m.Round, default),
            SealedContent.Said { Message: PeerMessage.Acknowledgement m } => (SealedKind.Acknowledgement, m.Round, default),
            SealedContent.Said { Message: PeerMessage.Affirmation m } => (SealedKind.Affirmation, m.Round, default),
            SealedContent.Said { Message: PeerMessage.AffirmationReceipt m } => (SealedKind.AffirmationReceipt, m.Round, default),
            SealedContent.Said { Message: PeerMessage.HoldingsShare m } => (SealedKind.Holdings, m.Round, m.Attempt),
            SealedContent.Said { Message: PeerMessage.DigestShare m } => (SealedKind.Digest, m.Digest.Digest.Round, m.Digest.Digest.Attempt),
            _ => (SealedKind.Confirm, default(Round), default),
        };
        var place = SealContext.BelongsToRound(kind) ? default : kind == SealedKind.Confirm ? seat.Since : term;
        return new SealContext(run, place, round, attempt, sender, receiver, seat.Slot, kind);
    }
}
