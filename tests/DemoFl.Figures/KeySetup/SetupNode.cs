using System.Security.Cryptography;
using DemoFl.Channels;
using DemoFl.Identity;
using DemoFl.Protocol;

namespace DemoFl.Figures.KeySetup;

/// <summary>
/// A node's computation in a key agreement (DESIGN section 5), without the network: the same checks, keys, signatures and sealed messages in the
/// same order as a real node's.
/// </summary>
internal sealed class SetupNode : IDisposable
{
    private static readonly RunId Run = new(1);
    private static readonly Term Term = new(1);
    private static readonly Round FirstRound = new(1);

    private readonly IdentityKey _key = IdentityKey.Create();
    private readonly Incarnation _incarnation = new(BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))));
    private readonly List<IDisposable> _secrets = [];
    private readonly string _name;
    private AgreementKey? _offeredKey;
    private KeyOffer? _offer;

    public SetupNode(string name) => _name = name;

    public NodeId Id => new(new Hash256(_key.Id.Span));

    public RosterEntry Entry => new(_name, _key.PublicKey);

    private Credentials Credentials => new(_name, _key.PublicKey, default);

    /// <summary>As a leader: a fresh key for a slot, signed.</summary>
    public SignedOffer Offer(Slot slot)
    {
        _offeredKey = Keep(AgreementKey.Create());
        _offer = new KeyOffer(Run, Term, slot, Id, _incarnation, FirstRound, _offeredKey.PublicKey);
        return new SignedOffer(_offer, Credentials, _key.Sign(KeyOffer.Domain, _offer.Statement()));
    }

    /// <summary>As a party: judges an offer, answers it with a fresh key, and seals the first message.</summary>
    public (SignedAnswer Answer, PairChannel Channel, SealedMessage Confirmation) Answer(SignedOffer signed, RosterTrust trust)
    {
        Judge(trust, signed.Signer, KeyOffer.Domain, signed.Offer.Statement(), signed.Signature);
        using var key = AgreementKey.Create();
        var answer = new KeyAnswer(Hash256.Of(signed.Offer.Statement()), Id, _incarnation, key.PublicKey);
        var channel = Keep(key.Agree(signed.Offer.PublicKey.Span, Transcript(signed.Offer, answer), ChannelRole.Party, FirstRound.Value));
        var confirmation = channel.Seal(FirstRound.Value, Context(Id, signed.Offer.Holder, signed.Offer.Slot), []);
        return (new SignedAnswer(answer, Credentials, _key.Sign(KeyAnswer.Domain, answer.Statement())), channel, confirmation);
    }

    /// <summary>As a leader: judges an answer, opens its first message, and seals the reply.</summary>
    public SealedMessage Accept(SignedAnswer signed, SealedMessage confirmation, RosterTrust trust)
    {
        Judge(trust, signed.Signer, KeyAnswer.Domain, signed.Answer.Statement(), signed.Signature);
        var channel = Keep(_offeredKey!.Agree(signed.Answer.PublicKey.Span, Transcript(_offer!, signed.Answer), ChannelRole.Holder, FirstRound.Value));
        Open(channel, signed.Answer.Party, Id, _offer!.Slot, confirmation);
        return channel.Seal(FirstRound.Value, Context(Id, signed.Answer.Party, _offer!.Slot), []);
    }

    /// <summary>As a party: the reply opens, so the key works both ways.</summary>
    public void Confirm(PairChannel channel, KeyOffer offer, SealedMessage reply) => Open(channel, offer.Holder, Id, offer.Slot, reply);

    /// <summary>Erases the agreement's keys; the identity stays.</summary>
    public void Forget()
    {
        _secrets.ForEach(s => s.Dispose());
        _secrets.Clear();
        (_offeredKey, _offer) = (null, null);
    }

    public void Dispose()
    {
        Forget();
        _key.Dispose();
    }

    private static byte[] Transcript(KeyOffer offer, KeyAnswer answer) => KeyAnswer.Transcript(offer, answer).ToArray();

    private static byte[] Context(NodeId sender, NodeId receiver, Slot slot) =>
        new SealContext(Run, Term, FirstRound, default, sender, receiver, slot, SealedKind.Confirm).Statement();

    private static void Judge(RosterTrust trust, Credentials signer, string domain, byte[] statement, ReadOnlyMemory<byte> signature)
    {
        if (!Signature.Verify(signer.PublicKey.Span, domain, statement, signature.Span)
            || trust.Judge(new IdentityClaim(signer.Name, signer.PublicKey, signer.Certificate), DateTimeOffset.UnixEpoch) is TrustDecision.Refused)
        {
            throw new InvalidOperationException($"{signer.Name} is refused, and nobody here is false.");
        }
    }

    private static void Open(PairChannel channel, NodeId sender, NodeId receiver, Slot slot, SealedMessage message)
    {
        if (channel.TryOpen(FirstRound.Value, message.Sequence, Context(sender, receiver, slot), message.Ciphertext, out _) != OpenFailure.None)
        {
            throw new InvalidOperationException("A first message does not open, and nobody here is false.");
        }
    }

    private T Keep<T>(T secret)
        where T : IDisposable
    {
        _secrets.Add(secret);
        return secret;
    }
}
