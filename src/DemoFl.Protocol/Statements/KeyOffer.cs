namespace DemoFl.Protocol;

/// <summary>
/// A leader's half of a key agreement for one slot it took (DESIGN section 5). <paramref name="FirstRound"/> is the round at
/// which the ratchet of every channel made from this offer starts, so both ends count steps from the same place.
/// </summary>
public sealed record KeyOffer(
    RunId Run, Term Term, Slot Slot, NodeId Holder, Incarnation Incarnation, Round FirstRound, ReadOnlyMemory<byte> PublicKey)
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "key-offer";

    /// <summary>The suite both ends use; part of what is signed, so that another one cannot be slipped in.</summary>
    public const string Suite = "P256-HKDF-SHA256-AES256GCM";

    /// <summary>The canonical bytes that the holder signs.</summary>
    public byte[] Statement() => new CanonicalWriter(Domain).Text(Suite).UInt128(Run.Value).UInt64(Term.Value).Int32(Slot.Index)
        .Hash(Holder.Value).UInt128(Incarnation.Value).UInt64(FirstRound.Value).Bytes(PublicKey.Span).ToArray();
}

/// <summary>A party's half: its fresh key, bound to the one offer it answers.</summary>
public sealed record KeyAnswer(Hash256 OfferHash, NodeId Party, Incarnation Incarnation, ReadOnlyMemory<byte> PublicKey)
{
    /// <summary>The signature domain.</summary>
    public const string Domain = "key-answer";

    /// <summary>The canonical bytes that the party signs.</summary>
    public byte[] Statement() => new CanonicalWriter(Domain).Hash(OfferHash).Hash(Party.Value).UInt128(Incarnation.Value)
        .Bytes(PublicKey.Span).ToArray();

    /// <summary>H(offer, answer): the salt of the pair's key derivation.</summary>
    public static Hash256 Transcript(KeyOffer offer, KeyAnswer answer) =>
        new CanonicalWriter("key-transcript").Bytes(offer.Statement()).Bytes(answer.Statement()).ToHash();
}

/// <summary>A key agreement half with its signature and what is needed to judge the signer.</summary>
public sealed record Credentials(string Name, ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Certificate);

/// <summary>An offer as published: what a party checks before it answers.</summary>
public sealed record SignedOffer(KeyOffer Offer, Credentials Signer, ReadOnlyMemory<byte> Signature);

/// <summary>An answer as relayed to the holder.</summary>
public sealed record SignedAnswer(KeyAnswer Answer, Credentials Signer, ReadOnlyMemory<byte> Signature);
