using System.Security.Cryptography;
using DemoFl.Channels;
using DemoFl.Identity;
using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Cli.Attack;

/// <summary>
/// A participant's pair channels, agreed as nodes agree theirs (DESIGN section 5): signed offers and answers, fresh P-256 keys, the transcript's
/// hash in the key derivation, every message bound to its place. Not thread-safe.
/// </summary>
internal sealed class Keyring(string name, IdentityKey identity, RunId run, Incarnation incarnation) : IDisposable
{
    private readonly NodeId _self = new(new Hash256(identity.Id.Span));
    private readonly Dictionary<Slot, (PairChannel Channel, NodeId Holder)> _slots = [];
    private readonly Dictionary<NodeId, PairChannel> _parties = [];
    private LeaderSet? _leaders;
    private KeyOffer? _offer;
    private AgreementKey? _offeredKey;

    public void Reset(LeaderSet leaders)
    {
        Dispose();
        _leaders = leaders;
    }

    public SignedOffer Offer(Slot slot, Round firstRound)
    {
        _offeredKey = AgreementKey.Create();
        _offer = new KeyOffer(run, _leaders!.Term, slot, _self, incarnation, firstRound, _offeredKey.PublicKey);
        return new SignedOffer(_offer, Credentials, identity.Sign(KeyOffer.Domain, _offer.Statement()));
    }

    public SignedAnswer Answer(SignedOffer signed)
    {
        var offer = signed.Offer;
        Require(offer.Holder, signed.Signer, KeyOffer.Domain, offer.Statement(), signed.Signature);
        using var key = AgreementKey.Create();
        var answer = new KeyAnswer(Hash256.Of(offer.Statement()), _self, incarnation, key.PublicKey);
        _slots[offer.Slot] = (Agree(key, offer.PublicKey, offer, answer, ChannelRole.Party), offer.Holder);
        return new SignedAnswer(answer, Credentials, identity.Sign(KeyAnswer.Domain, answer.Statement()));
    }

    public void Accept(SignedAnswer signed)
    {
        var answer = signed.Answer;
        Require(answer.Party, signed.Signer, KeyAnswer.Domain, answer.Statement(), signed.Signature);
        _parties[answer.Party] = Agree(_offeredKey!, answer.PublicKey, _offer!, answer, ChannelRole.Holder);
    }

    public Letter SealToHolder(Slot slot, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content) =>
        Seal(_slots[slot].Channel, _slots[slot].Holder, slot, toHolder: true, kind, round, attempt, content);

    public Letter SealToParty(NodeId party, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content) =>
        Seal(_parties[party], party, _offer!.Slot, toHolder: false, kind, round, attempt, content);

    /// <exception cref="InvalidOperationException">It does not open: this rehearsal would not be the protocol.</exception>
    public byte[] Open(Letter letter)
    {
        var context = letter.Context;
        var channel = letter.ToHolder ? _parties[context.Sender] : _slots[context.Slot].Channel;
        var failure = channel.TryOpen(context.Round.Value, letter.Sealed.Sequence, context.Statement(), letter.Sealed.Ciphertext, out byte[] plaintext);
        return failure == OpenFailure.None ? plaintext : throw new InvalidOperationException($"A message of kind {context.Kind} does not open ({failure}).");
    }

    /// <summary>s_ij of this party for a slot.</summary>
    public MaskSeed SeedForSlot(Slot slot, RoundSpec spec, LeaderSet leaders, Nonce nonce) => Seed(_slots[slot].Channel, slot, spec, leaders, nonce);

    /// <summary>The same seed, as the slot's holder derives it.</summary>
    public MaskSeed SeedOfParty(NodeId party, RoundSpec spec, LeaderSet leaders, Nonce nonce) => Seed(_parties[party], _offer!.Slot, spec, leaders, nonce);

    public void Dispose()
    {
        foreach (var channel in _slots.Values.Select(s => s.Channel).Concat(_parties.Values))
        {
            channel.Dispose();
        }

        _slots.Clear();
        _parties.Clear();
        _offeredKey?.Dispose();
    }

    private Credentials Credentials => new(name, identity.PublicKey, default);

    private static MaskSeed Seed(PairChannel channel, Slot slot, RoundSpec spec, LeaderSet leaders, Nonce nonce)
    {
        Span<byte> seed = stackalloc byte[MaskSeed.Size];
        channel.DeriveSeed(spec.Round.Value, MaskContext.Statement(spec.Run, spec.Round, slot, nonce, leaders.Digest, spec.Digest), seed);
        var taken = new MaskSeed(seed);
        CryptographicOperations.ZeroMemory(seed);
        return taken;
    }

    private static PairChannel Agree(AgreementKey key, ReadOnlyMemory<byte> peer, KeyOffer offer, KeyAnswer answer, ChannelRole role) =>
        key.Agree(peer.Span, KeyAnswer.Transcript(offer, answer).ToArray(), role, offer.FirstRound.Value);

    private static void Require(NodeId node, Credentials signer, string domain, byte[] statement, ReadOnlyMemory<byte> signature)
    {
        if (new NodeId(Hash256.Of(signer.PublicKey.Span)) != node || !Signature.Verify(signer.PublicKey.Span, domain, statement, signature.Span))
        {
            throw new InvalidOperationException($"The {domain} of {node} does not verify.");
        }
    }

    private Letter Seal(
        PairChannel channel, NodeId peer, Slot slot, bool toHolder, SealedKind kind, Round? round, Attempt attempt, ReadOnlySpan<byte> content)
    {
        var term = SealContext.BelongsToRound(kind) ? default : _leaders!.Term;
        var place = round ?? new Round(channel.Round);
        var context = new SealContext(run, term, place, attempt, _self, peer, slot, kind);
        return new Letter(context, toHolder, channel.Seal(place.Value, context.Statement(), content));
    }
}
