using System.Security.Cryptography;
using DemoFl.Identity;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Sharing;
using DemoFl.Wire;

namespace DemoFl.Cli.Attack;

/// <summary>
/// One node of the attacked round: the product's own machine, keys, seals, training, encoding and masks, with this process for a network. It keeps
/// what an honest node erases when the round closes, so that an adversary can be given all that it ever held. Not thread-safe.
/// </summary>
internal sealed class Participant : IDisposable
{
    private readonly IdentityKey _identity = IdentityKey.Create();
    private readonly AttackedRound _round;
    private readonly LocalTrainer _trainer;
    private readonly NodeMachine _machine;
    private readonly Keyring _keys;
    private readonly Holdings _holdings = new();
    private RoundSpec? _spec;

    public Participant(string name, bool canLead, AttackedRound round, LocalTrainer trainer)
    {
        (Name, CanLead, _round, _trainer) = (name, canLead, round, trainer);
        Id = new NodeId(new Hash256(_identity.Id.Span));
        Incarnation = new Incarnation(BitConverter.ToUInt128(RandomNumberGenerator.GetBytes(16)));
        ulong entropy = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        _machine = new NodeMachine(new NodeSettings(round.Run, Id, Incarnation, canLead, new NodePolicy()), entropy);
        _keys = new Keyring(name, _identity, round.Run, Incarnation);
    }

    public string Name { get; }

    public NodeId Id { get; }

    public Incarnation Incarnation { get; }

    public bool CanLead { get; }

    /// <summary>This party's update, once it is made.</summary>
    public OwnUpdate? Update { get; private set; }

    /// <summary>As a leader: the share that this node holds of a party.</summary>
    public RingVector ShareOf(NodeId party)
    {
        var share = Rings.Zero(_spec!);
        _holdings.AddShare(party, share, new RingVector(RingWidth.Bits64, Lanes.Count));
        return share;
    }

    /// <summary>As a leader in the rotating layout: this node has a party's whole vector.</summary>
    public bool Keeps(NodeId party) => _holdings.Keeps(party);

    public void Take(NodeInput input)
    {
        var effects = new List<NodeEffect>();
        _machine.Step(input, TimeSpan.Zero, effects);
        if (_machine.NextDeadline is not null)
        {
            _machine.Step(new NodeInput.Tick(), TimeSpan.Zero, effects);
        }

        effects.ForEach(Carry);
    }

    /// <summary>A party's answer to this leader's offer.</summary>
    public void Take(SignedAnswer answer) => _keys.Accept(answer);

    /// <summary>A sealed message, which must open.</summary>
    public void Take(Letter letter)
    {
        var (context, content) = (letter.Context, PeerContents.Parse(_keys.Open(letter)));
        if (context.Kind == SealedKind.VectorPiece)
        {
            if (_holdings.Keep(context.Sender, _spec!, content.VectorPiece))
            {
                Take(new NodeInput.VectorHeld(context.Sender, context.Round));
            }

            return;
        }

        var message = PeerContents.FromContent(content, context);
        Take(letter.ToHolder ? new NodeInput.FromParty(context.Sender, message) : new NodeInput.FromHolder(context.Slot, message));
    }

    public void Dispose()
    {
        _holdings.Dispose();
        _keys.Dispose();
        _identity.Dispose();
    }

    private void Carry(NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.Tell m:
                _round.Tell(Id, m.Message);
                break;
            case NodeEffect.ToHolder m:
                SendToHolder(m.Slot, m.Message);
                break;
            case NodeEffect.ToParty m:
                var (round, attempt) = PeerContents.PlaceOf(m.Message);
                _round.Send(_keys.SealToParty(m.Party, PeerContents.KindOf(m.Message), round, attempt, PeerContents.ToBytes(m.Message)));
                break;
            case NodeEffect.SeatLeaders m:
                _keys.Reset(m.Leaders);
                break;
            case NodeEffect.OfferKeys m:
                _round.Tell(Id, new NodeMessage.OfferMade(_keys.Offer(m.Slot, m.FirstRound)));
                break;
            case NodeEffect.AnswerOffers m:
                foreach (var offer in m.Offers)
                {
                    _round.Send(offer.Offer.Holder, _keys.Answer(offer));
                    SendToHolder(offer.Offer.Slot, new PeerMessage.Confirm());
                }

                break;
            case NodeEffect.OpenRound m:
                _spec = m.Spec;
                break;
            case NodeEffect.PrepareUpdate m:
                Update = OwnUpdate.Make(m.Spec, _round.Start, _trainer, _round.Cancellation);
                var nonce = new Nonce(new Hash256(RandomNumberGenerator.GetBytes(Hash256.Size)));
                _round.Post(this, new NodeInput.UpdatePrepared(m.Spec.Round, nonce));
                break;
            case NodeEffect.SubmitVector m:
                Submit(m.Spec, m.Leaders!, m.Nonce);
                break;
            case NodeEffect.HoldMask m when m.Slot != KeeperOf(m.Spec, m.Leaders, m.Nonce):
                _holdings.Hold(m.Party, _keys.SeedOfParty(m.Party, m.Spec, m.Leaders, m.Nonce));
                break;
            case NodeEffect.SignDigest m:
                byte[] signature = _identity.Sign(RoundDigest.Domain, m.Digest.Statement());
                _round.Post(this, new NodeInput.DigestSigned(new SignedDigest(_machine.OwnSlot!.Value, m.Digest, signature)));
                break;
            case NodeEffect.ReleaseSum m:
                Release(m);
                break;
        }
    }

    private void SendToHolder(Slot slot, PeerMessage message)
    {
        var (round, attempt) = PeerContents.PlaceOf(message);
        _round.Send(_keys.SealToHolder(slot, PeerContents.KindOf(message), round, attempt, PeerContents.ToBytes(message)));
    }

    private void Submit(RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        var keeper = KeeperOf(spec, leaders, nonce);
        foreach (var seat in leaders.Seats.Where(s => s.Slot != keeper))
        {
            using var seed = _keys.SeedForSlot(seat.Slot, spec, leaders, nonce);
            Update!.Subtract(seed);
        }

        if (keeper is not { } slot)
        {
            _round.Upload(new Contribution(Id, nonce.Hash), Update!);
            return;
        }

        foreach (byte[] piece in VectorPieces.Of(Update!))
        {
            _round.Send(_keys.SealToHolder(slot, SealedKind.VectorPiece, spec.Round, default, piece));
        }
    }

    /// <summary>A_j over B: the sum of this leader's shares.</summary>
    private void Release(NodeEffect.ReleaseSum effect)
    {
        var (sum, lanes) = (Rings.Zero(effect.Spec), new RingVector(RingWidth.Bits64, Lanes.Count));
        foreach (var (party, _) in effect.Parties)
        {
            _holdings.AddShare(party, sum, lanes);
        }

        _round.Release(Id, effect.Slot, effect.Attempt, sum, lanes);
    }

    /// <summary>The slot that gets the one full vector, in the rotating layout.</summary>
    private static Slot? KeeperOf(RoundSpec spec, LeaderSet leaders, Nonce nonce) =>
        spec.Layout == Layout.Rotating ? VectorKeeper.Of(nonce, leaders.Seats.Length) : null;
}
