using System.Security.Cryptography;
using DemoFl.Channels;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.V1;
using DemoFl.Wire;

namespace DemoFl.Node.Sealing;

/// <summary>
/// All pair channels of a node: as a party, one per slot; as a holder, one per party of its slot. Checks who is at the other end before any
/// key is made, and binds every message to its place. Thread-safe: one call at a time.
/// </summary>
internal sealed class ChannelBook : IDisposable
{
    private readonly Lock _gate = new();
    private readonly NodeOptions _options;
    private readonly RunId _run;
    private readonly NodeId _self;
    private readonly KeyJudge _judge;
    private readonly SlotChannels _slots = new();
    private readonly PartyChannels _parties;
    private LeaderSet? _leaders;

    public ChannelBook(NodeOptions options, RunId run, TimeProvider clock)
    {
        (_options, _run, _self) = (options, run, new NodeId(new Hash256(options.Key.Id.Span)));
        _judge = new KeyJudge(options.Trust, clock);
        _parties = new PartyChannels(_judge);
    }

    /// <summary>Who leads, as seated last; null before the first leaders.</summary>
    public LeaderSet? Leaders
    {
        get
        {
            using var taken = _gate.EnterScope();
            return _leaders;
        }
    }

    private Credentials Credentials => new(_options.Name, _options.Key.PublicKey, _options.Certificate);

    /// <summary>
    /// These lead now. Channels of seats that stay as they are are kept, with this node's own offer and its parties' channels if its seat does; all
    /// others are erased. In an open round, those to holders are set aside until it closes.
    /// </summary>
    public void Seat(LeaderSet leaders, bool roundIsOpen)
    {
        using var taken = _gate.EnterScope();
        _slots.Seat(leaders, roundIsOpen);
        _parties.Seat(leaders);
        _leaders = leaders;
    }

    /// <summary>A fresh key for the slot this node took.</summary>
    public SignedOffer Offer(LeaderSet leaders, Slot slot, Round firstRound)
    {
        using var taken = _gate.EnterScope();
        var offer = _parties.Offer(key => new KeyOffer(_run, leaders.Term, slot, _self, _options.Incarnation, firstRound, key));
        return new SignedOffer(offer, Credentials, _options.Key.Sign(KeyOffer.Domain, offer.Statement()));
    }

    /// <summary>What a party has against the maker of an offer, or null.</summary>
    public string? Judge(SignedOffer signed)
    {
        using var taken = _gate.EnterScope();
        return signed.Offer.Run != _run
            ? "it is of another run"
            : _judge.Objection(signed.Offer.Holder, signed.Signer, KeyOffer.Domain, signed.Offer.Statement(), signed.Signature);
    }

    /// <summary>
    /// The first slot whose agreement to a replacement is not signed by its present holder, by the key that was judged when their channel was made;
    /// null when all are.
    /// </summary>
    public Slot? Unsigned(IEnumerable<SignedReplacement> agreements)
    {
        using var taken = _gate.EnterScope();
        return agreements.FirstOrDefault(a => _slots.Find(a.Signer) is not { } channel
            || !Signature.Verify(channel.PublicKey.Span, Replacement.Domain, a.Replacement.Statement(), a.Signature.Span))?.Signer;
    }

    /// <summary>Answers an offer after judging who made it; what is wrong with it otherwise. A second offer never resets a channel.</summary>
    public (SignedAnswer? Answer, string? Objection) Answer(SignedOffer signed)
    {
        using var taken = _gate.EnterScope();
        var offer = signed.Offer;
        if (_leaders is not { } leaders || offer.Run != _run || !leaders.Seats.Any(s => s.Made(offer)))
        {
            return (null, "it is not by a seat of the current leader set");
        }

        if (_slots.Find(offer.Slot) is not null)
        {
            return (null, "an offer of that slot has been answered already");
        }

        if (_judge.Objection(offer.Holder, signed.Signer, KeyOffer.Domain, offer.Statement(), signed.Signature) is { } objection)
        {
            return (null, objection);
        }

        using var key = AgreementKey.Create();
        var answer = new KeyAnswer(Hash256.Of(offer.Statement()), _self, _options.Incarnation, key.PublicKey);
        if (KeyJudge.Agree(key, offer.PublicKey, offer, answer, ChannelRole.Party) is not { } channel)
        {
            return (null, "its key is not a point of the curve");
        }

        _slots.Add(new PeerChannel(channel, offer.Holder, offer, signed.Signer.PublicKey));
        return (new SignedAnswer(answer, Credentials, _options.Key.Sign(KeyAnswer.Domain, answer.Statement())), null);
    }

    /// <summary>
    /// Takes a party's answer to this node's offer. A party that joins again answers again, with a fresh key, and gets a fresh channel; an
    /// answer that was taken before, replayed, never resets one.
    /// </summary>
    public string? Accept(NodeId sender, SignedAnswer signed)
    {
        using var taken = _gate.EnterScope();
        return _parties.Accept(sender, signed);
    }

    /// <summary>Seals towards the holder of a slot; null where there is no channel.</summary>
    public (NodeId Receiver, PeerFrame Frame)? SealToHolder(Slot slot, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content)
    {
        using var taken = _gate.EnterScope();
        return _slots.Find(slot) is { } channel ? Seal(channel, toHolder: true, kind, round, attempt, content) : null;
    }

    /// <summary>Seals towards a party of this node's slot; null where there is no channel.</summary>
    public (NodeId Receiver, PeerFrame Frame)? SealToParty(NodeId party, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content)
    {
        using var taken = _gate.EnterScope();
        return _parties.Find(party) is { } channel ? Seal(channel, toHolder: false, kind, round, attempt, content) : null;
    }

    /// <summary>Opens what a peer sealed; why not otherwise.</summary>
    public OpenedMessage Open(NodeId sender, Sealed message)
    {
        using var taken = _gate.EnterScope();
        var slot = Field.Slot(message.Slot, "sealed.slot");
        var channel = message.ToHolder ? _parties.Find(sender) : _slots.Find(slot);
        if (channel is null || channel.Peer != sender || channel.Slot != slot)
        {
            return OpenedMessage.Refused("there is no channel with that node for that slot");
        }

        if (IsOver((SealedKind)message.Kind, message.Term, channel, _leaders?.Term ?? default))
        {
            return OpenedMessage.Refused($"it belongs to term {message.Term}, which is over");
        }

        var context = new SealContext(
            _run, new Term(message.Term), new Round(message.Round), Field.Attempt(message.Attempt, "sealed.attempt"), sender, _self, slot,
            (SealedKind)message.Kind);
        if (channel.TryOpen(context, message, out byte[] plaintext) is not OpenFailure.None and var failure)
        {
            return OpenedMessage.Refused($"it does not open ({failure})");
        }

        try
        {
            return new OpenedMessage(PeerContents.Parse(plaintext), context, null);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plaintext);
        }
    }

    /// <summary>A party's public key as it was judged; empty where there is no channel.</summary>
    public ReadOnlyMemory<byte> KeyOf(NodeId party)
    {
        using var taken = _gate.EnterScope();
        return _parties.Find(party)?.PublicKey ?? default;
    }

    /// <summary>The present holder of a slot, or null where there is no channel.</summary>
    public NodeId? HolderOf(Slot slot)
    {
        using var taken = _gate.EnterScope();
        return _slots.Find(slot)?.Peer;
    }

    /// <summary>
    /// The seed of this party's mask for a slot, from the channel with who held it in <paramref name="leaders"/>; 32 bytes that the caller clears.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no such channel, or no such keys any more.</exception>
    public byte[] SeedForSlot(Slot slot, RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        using var taken = _gate.EnterScope();
        return (_slots.Find(slot, leaders) ?? throw new InvalidOperationException($"There is no channel with who held slot {slot} in term {leaders.Term}."))
            .Seed(spec, leaders, nonce);
    }

    /// <summary>The same seed as the holder of this node's slot derives it.</summary>
    /// <exception cref="InvalidOperationException">There is no such channel, or no such keys any more.</exception>
    public byte[] SeedOfParty(NodeId party, RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        using var taken = _gate.EnterScope();
        return (_parties.Find(party) ?? throw new InvalidOperationException($"There is no channel with party {party}.")).Seed(spec, leaders, nonce);
    }

    /// <summary>Steps every confirmed channel past a round, and erases what was set aside for it.</summary>
    public void CloseRound(Round round)
    {
        using var taken = _gate.EnterScope();
        _slots.CloseRound(round);
        _parties.CloseRound(round);
    }

    /// <summary>Erases all keys.</summary>
    public void Dispose()
    {
        using var taken = _gate.EnterScope();
        _slots.Dispose();
        _parties.Dispose();
    }

    /// <summary>
    /// Whether a term's messages count no more. Those of a later one do: its word may reach the sender's control stream before it reaches this node's.
    /// A channel's first messages belong to the term in which its slot was taken.
    /// </summary>
    private static bool IsOver(SealedKind kind, ulong term, PeerChannel channel, Term present) =>
        kind == SealedKind.Confirm ? term != channel.Since.Value : !SealContext.BelongsToRound(kind) && term < present.Value;

    /// <summary>Null where the channel's keys do not reach the round.</summary>
    private (NodeId Receiver, PeerFrame Frame)? Seal(
        PeerChannel channel, bool toHolder, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content)
    {
        var place = round ?? channel.Oldest;
        if (!channel.Reaches(place))
        {
            return null;
        }

        var term = SealContext.BelongsToRound(kind) ? default : kind == SealedKind.Confirm ? channel.Since : _leaders!.Term;
        var context = new SealContext(_run, term, place, attempt, _self, channel.Peer, channel.Slot, kind);
        return (channel.Peer, channel.Seal(context, toHolder, content));
    }
}
