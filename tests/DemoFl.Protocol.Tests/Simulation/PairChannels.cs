namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>One end of a channel: a key and a counter each way, as the real one has.</summary>
internal sealed class PairChannel(Hash256 key, Incarnation party)
{
    private ulong _sent;
    private ulong _received;

    public Hash256 Key => key;

    public Incarnation Party => party;

    public ulong NextSequence() => ++_sent;

    public bool Accepts(PeerFrame.Sealed frame)
    {
        bool fresh = frame.Key == key && frame.Sequence > _received;
        _received = fresh ? frame.Sequence : _received;
        return fresh;
    }
}

/// <summary>The channels of one life of one node under one leader set: as a party to every holder, as a holder to every party.</summary>
internal sealed class PairChannels(NodeId self, Incarnation incarnation, SplitMix64 randomness)
{
    private readonly Dictionary<Slot, PairChannel> _toHolders = [];
    private readonly Dictionary<NodeId, PairChannel> _toParties = [];
    private LeaderSet? _leaders;
    private KeyOffer? _ownOffer;

    /// <summary>Channels of seats that stay are kept.</summary>
    public void Seat(LeaderSet leaders)
    {
        var gone = _toHolders.Keys.Where(slot => _leaders is null || slot.Index >= leaders.Seats.Length || leaders.Seats[slot.Index] != _leaders.Seats[slot.Index]);
        foreach (var slot in gone.ToArray())
        {
            _toHolders.Remove(slot);
        }

        if (_ownOffer is not null && !leaders.Seats.Any(s => s.Made(_ownOffer)))
        {
            _ownOffer = null;
            _toParties.Clear();
        }

        _leaders = leaders;
    }

    public SignedOffer Offer(LeaderSet leaders, Slot slot, Round firstRound)
    {
        _ownOffer = new KeyOffer(leaders.Run, leaders.Term, slot, self, incarnation, firstRound, randomness.Next256().ToArray());
        return new SignedOffer(_ownOffer, Credentials, default);
    }

    public SignedAnswer Answer(KeyOffer offer)
    {
        var answer = new KeyAnswer(Hash256.Of(offer.Statement()), self, incarnation, randomness.Next256().ToArray());
        _toHolders[offer.Slot] = new PairChannel(KeyAnswer.Transcript(offer, answer), incarnation);
        return new SignedAnswer(answer, Credentials, default);
    }

    /// <summary>An answer of the incarnation that has a channel already never resets it.</summary>
    public void Accept(KeyAnswer answer)
    {
        if (_ownOffer is not null && answer.OfferHash == Hash256.Of(_ownOffer.Statement())
            && _toParties.GetValueOrDefault(answer.Party)?.Party != answer.Incarnation)
        {
            _toParties[answer.Party] = new PairChannel(KeyAnswer.Transcript(_ownOffer, answer), answer.Incarnation);
        }
    }

    public PairChannel? ToHolder(Slot slot) => _toHolders.GetValueOrDefault(slot);

    public PairChannel? ToParty(NodeId party) => _toParties.GetValueOrDefault(party);

    /// <summary>Null when there is no such channel (any more).</summary>
    public PeerFrame.Sealed? Seal(NodeId receiver, Slot slot, bool toHolder, SealedContent content)
    {
        var channel = toHolder ? ToHolder(slot) : ToParty(receiver);
        return channel is null || _leaders is null
            ? null
            : new PeerFrame.Sealed(Context(_leaders, self, receiver, slot, content), toHolder, channel.NextSequence(), channel.Key, content);
    }

    /// <summary>True when the frame opens here: the right channel, not seen before, nothing moved from another place.</summary>
    public bool Opens(PeerFrame.Sealed frame)
    {
        var channel = frame.ToHolder ? ToParty(frame.Context.Sender) : ToHolder(frame.Context.Slot);
        return channel is not null && _leaders is not null && channel.Accepts(frame)
            && frame.Context == Context(_leaders, frame.Context.Sender, self, frame.Context.Slot, frame.Content);
    }

    private static readonly Credentials Credentials = new("", default, default);

    private static SealContext Context(LeaderSet leaders, NodeId sender, NodeId receiver, Slot slot, SealedContent content)
    {
        var (kind, round, attempt) = content switch
        {
            SealedContent.Vector m => (SealedKind.VectorPiece, m.Round, default(Attempt)),
            SealedContent.Said { Message: PeerMessage.Announcement m } => (SealedKind.Announcement, m.Round, default),
            SealedContent.Said { Message: PeerMessage.Acknowledgement m } => (SealedKind.Acknowledgement, m.Round, default),
            SealedContent.Said { Message: PeerMessage.DigestShare m } => (SealedKind.Digest, m.Digest.Digest.Round, m.Digest.Digest.Attempt),
            _ => (SealedKind.Confirm, default(Round), default),
        };
        var term = SealContext.BelongsToRound(kind) ? default : kind == SealedKind.Confirm ? leaders.Seats[slot.Index].Since : leaders.Term;
        return new SealContext(leaders.Run, term, round, attempt, sender, receiver, slot, kind);
    }
}
