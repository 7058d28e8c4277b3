using DemoFl.Channels;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Node.Sealing;

/// <summary>
/// All pair channels of a node: as a party, one per slot; as a holder, one per party of its slot. Checks who is at the other end before any
/// key is made, and binds every message to its place. Thread-safe: one call at a time.
/// </summary>
internal sealed class ChannelBook(NodeOptions options, RunId run, TimeProvider clock) : IDisposable
{
    /// <summary>Answers that a holder takes in one term: its parties', and those of parties that joined again.</summary>
    public const int MaxAnswers = 4 * RoundSpec.MaxParticipants;

    private readonly Lock _gate = new();
    private readonly KeyJudge _judge = new(options.Trust, clock);
    private readonly NodeId _self = new(new Hash256(options.Key.Id.Span));
    private readonly SortedDictionary<int, PeerChannel> _slots = [];
    private readonly Dictionary<NodeId, PeerChannel> _parties = [];
    private readonly HashSet<Hash256> _answers = [];
    private AgreementKey? _offeredKey;
    private KeyOffer? _offer;
    private LeaderSet? _leaders;

    /// <summary>A new leader set: every channel of the old one is erased.</summary>
    public void Reset(LeaderSet leaders)
    {
        using var taken = _gate.EnterScope();
        Dispose();
        _leaders = leaders;
    }

    /// <summary>A fresh key for the slot this node took.</summary>
    public SignedOffer Offer(LeaderSet leaders, Slot slot, Round firstRound)
    {
        using var taken = _gate.EnterScope();
        _offeredKey = AgreementKey.Create();
        _offer = new KeyOffer(run, leaders.Term, slot, _self, options.Incarnation, firstRound, _offeredKey.PublicKey);
        return new SignedOffer(_offer, Credentials, options.Key.Sign(KeyOffer.Domain, _offer.Statement()));
    }

    /// <summary>Answers an offer after judging who made it; what is wrong with it otherwise. A second offer never resets a channel.</summary>
    public (SignedAnswer? Answer, string? Objection) Answer(SignedOffer signed)
    {
        using var taken = _gate.EnterScope();
        var offer = signed.Offer;
        if (_leaders is not { } leaders || offer.Run != run || !leaders.Seats.Any(s => IsBy(s, offer)))
        {
            return (null, "it is not by a seat of the current leader set");
        }

        if (_slots.ContainsKey(offer.Slot.Index))
        {
            return (null, "an offer of that slot has been answered already");
        }

        if (_judge.Objection(offer.Holder, signed.Signer, KeyOffer.Domain, offer.Statement(), signed.Signature) is { } objection)
        {
            return (null, objection);
        }

        using var key = AgreementKey.Create();
        var answer = new KeyAnswer(Hash256.Of(offer.Statement()), _self, options.Incarnation, key.PublicKey);
        if (KeyJudge.Agree(key, offer.PublicKey, offer, answer, ChannelRole.Party) is not { } channel)
        {
            return (null, "its key is not a point of the curve");
        }

        _slots[offer.Slot.Index] = new PeerChannel(channel, offer.Holder, offer.Slot, signed.Signer.PublicKey);
        return (new SignedAnswer(answer, Credentials, options.Key.Sign(KeyAnswer.Domain, answer.Statement())), null);
    }

    /// <summary>
    /// Takes a party's answer to this node's offer. A party that joins again answers again, with a fresh key, and gets a fresh channel; an
    /// answer that was taken before, replayed, never resets one.
    /// </summary>
    public string? Accept(NodeId sender, SignedAnswer signed)
    {
        using var taken = _gate.EnterScope();
        var answer = signed.Answer;
        if (_offer is null || _offeredKey is null || answer.OfferHash != Hash256.Of(_offer.Statement()))
        {
            return "it answers another offer than this node's";
        }

        var hash = Hash256.Of(answer.Statement());
        if (answer.Party != sender || _answers.Contains(hash))
        {
            return answer.Party != sender ? "it is another node's answer" : "it has been taken already";
        }

        if (_answers.Count == MaxAnswers)
        {
            return $"more than {MaxAnswers} answers were taken in this term";
        }

        if (_judge.Objection(sender, signed.Signer, KeyAnswer.Domain, answer.Statement(), signed.Signature) is { } objection)
        {
            return objection;
        }

        if (KeyJudge.Agree(_offeredKey, answer.PublicKey, _offer, answer, ChannelRole.Holder) is not { } channel)
        {
            return "its key is not a point of the curve";
        }

        _answers.Add(hash);
        if (_parties.Remove(sender, out var earlier))
        {
            earlier.Keys.Dispose();
        }

        _parties[sender] = new PeerChannel(channel, sender, _offer.Slot, signed.Signer.PublicKey);
        return null;
    }

    /// <summary>Seals towards the holder of a slot; null where there is no channel.</summary>
    public (NodeId Receiver, PeerFrame Frame)? SealToHolder(Slot slot, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content)
    {
        using var taken = _gate.EnterScope();
        return _slots.TryGetValue(slot.Index, out var channel) ? Seal(channel, toHolder: true, kind, round, attempt, content) : null;
    }

    /// <summary>Seals towards a party of this node's slot; null where there is no channel.</summary>
    public (NodeId Receiver, PeerFrame Frame)? SealToParty(NodeId party, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content)
    {
        using var taken = _gate.EnterScope();
        return _parties.TryGetValue(party, out var channel) ? Seal(channel, toHolder: false, kind, round, attempt, content) : null;
    }

    /// <summary>Opens what a peer sealed; why not otherwise.</summary>
    public OpenedMessage Open(NodeId sender, Sealed message)
    {
        using var taken = _gate.EnterScope();
        var slot = Field.Slot(message.Slot, "sealed.slot");
        var channel = message.ToHolder ? _parties.GetValueOrDefault(sender) : _slots.GetValueOrDefault(slot.Index);
        if (channel is null || channel.Peer != sender || channel.Slot != slot)
        {
            return OpenedMessage.Refused("there is no channel with that node for that slot");
        }

        if (!SealContext.BelongsToRound((SealedKind)message.Kind) && message.Term != _leaders!.Term.Value)
        {
            return OpenedMessage.Refused($"it belongs to term {message.Term}");
        }

        var context = new SealContext(
            run, new Term(message.Term), new Round(message.Round), Field.Attempt(message.Attempt, "sealed.attempt"), sender, _self, slot, (SealedKind)message.Kind);
        var failure = channel.Keys.TryOpen(message.Round, message.Sequence, context.Statement(), message.Ciphertext.Span, out byte[] plaintext);
        if (failure != OpenFailure.None)
        {
            return OpenedMessage.Refused($"it does not open ({failure})");
        }

        channel.Confirmed = true;
        return new OpenedMessage(PeerContents.Parse(plaintext), context, null);
    }

    /// <summary>The public key of the leader or party at the other end.</summary>
    public ReadOnlyMemory<byte> KeyOf(NodeId party)
    {
        using var taken = _gate.EnterScope();
        return _parties.TryGetValue(party, out var channel) ? channel.PublicKey : default;
    }

    /// <summary>The seed of this party's mask for a slot; 32 bytes that the caller clears.</summary>
    public byte[] SeedForSlot(Slot slot, RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        using var taken = _gate.EnterScope();
        return Seed(_slots[slot.Index], spec, leaders, nonce);
    }

    /// <summary>The same seed as the holder of this node's slot derives it.</summary>
    public byte[] SeedOfParty(NodeId party, RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        using var taken = _gate.EnterScope();
        return Seed(_parties[party], spec, leaders, nonce);
    }

    /// <summary>Steps every confirmed channel past a round. One whose first message is still under way keeps its first keys for it.</summary>
    public void CloseRound(Round round)
    {
        using var taken = _gate.EnterScope();
        Close(_slots, round);
        Close(_parties, round);
    }

    /// <summary>Erases all keys.</summary>
    public void Dispose()
    {
        using var taken = _gate.EnterScope();
        foreach (var channel in _slots.Values.Concat(_parties.Values))
        {
            channel.Keys.Dispose();
        }

        _slots.Clear();
        _parties.Clear();
        _answers.Clear();
        _offeredKey?.Dispose();
        (_offeredKey, _offer) = (null, null);
    }

    private static bool IsBy(Seat seat, KeyOffer offer) =>
        seat.Slot == offer.Slot && seat.Holder == offer.Holder && seat.Incarnation == offer.Incarnation && seat.Since == offer.Term;

    private Credentials Credentials => new(options.Name, options.Key.PublicKey, options.Certificate);

    private static byte[] Seed(PeerChannel channel, RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        var seed = new byte[Sharing.MaskSeed.Size];
        byte[] info = MaskContext.Statement(spec.Run, spec.Round, channel.Slot, nonce, leaders.Digest, spec.Digest);
        channel.Keys.DeriveSeed(spec.Round.Value, info, seed);
        return seed;
    }

    private static bool InReach(PeerChannel channel, Round round) =>
        round.Value >= channel.Keys.Round && round.Value - channel.Keys.Round <= PairChannel.MaxSkippedRounds;

    /// <summary>A channel that cannot be stepped so far serves no further round: its keys are erased with it.</summary>
    private static void Close<T>(IDictionary<T, PeerChannel> channels, Round round)
    {
        foreach (var (id, channel) in channels.Where(c => c.Value.Confirmed && c.Value.Keys.Round <= round.Value).ToArray())
        {
            if (InReach(channel, round))
            {
                channel.Keys.CloseRound(round.Value);
            }
            else
            {
                channel.Keys.Dispose();
                channels.Remove(id);
            }
        }
    }

    /// <summary>Null where the channel's keys do not reach the round.</summary>
    private (NodeId Receiver, PeerFrame Frame)? Seal(
        PeerChannel channel, bool toHolder, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content)
    {
        var term = SealContext.BelongsToRound(kind) ? default : _leaders!.Term;
        var place = round ?? new Round(channel.Keys.Round);
        if (!InReach(channel, place))
        {
            return null;
        }

        var context = new SealContext(run, term, place, attempt, _self, channel.Peer, channel.Slot, kind);
        var message = channel.Keys.Seal(place.Value, context.Statement(), content);
        return (channel.Peer, new PeerFrame
        {
            Sealed = new Sealed
            {
                Slot = (uint)channel.Slot.Index, Term = term.Value, Round = place.Value, Attempt = (uint)attempt.Number, Kind = (uint)kind,
                Sequence = message.Sequence, ToHolder = toHolder, Ciphertext = UnsafeByteOperations.UnsafeWrap(message.Ciphertext),
            },
        });
    }
}
