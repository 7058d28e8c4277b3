using DemoFl.Protocol;

namespace DemoFl.Wire;

/// <summary>The protocol's signed and hashed records, to and from their messages.</summary>
public static class Records
{
    /// <summary>Who signs.</summary>
    public static V1.Credentials ToWire(Credentials value) => new()
    {
        Name = value.Name, PublicKey = Field.Of(value.PublicKey), Certificate = Field.Of(value.Certificate),
    };

    /// <summary>Who signs.</summary>
    public static Credentials FromWire(V1.Credentials? value)
    {
        var present = Field.Present(value, "credentials");
        return new Credentials(Field.Text(present.Name, "credentials.name"), Field.Bytes(present.PublicKey, "credentials.public_key"),
            Field.Bytes(present.Certificate, "credentials.certificate"));
    }

    /// <summary>L with the coordinator's signature.</summary>
    public static V1.LeaderSet ToWire(LeaderSet value, ReadOnlyMemory<byte> signature) => new()
    {
        Run = Field.Of(value.Run), Term = value.Term.Value, Signature = Field.Of(signature),
        Seats =
        {
            value.Seats.Select(s => new V1.Seat
            {
                Slot = (uint)s.Slot.Index, Holder = Field.Of(s.Holder), Incarnation = Field.Of(s.Incarnation), SinceTerm = s.Since.Value,
            }),
        },
    };

    /// <summary>L; the caller verifies the signature.</summary>
    public static LeaderSet FromWire(V1.LeaderSet value) => Field.Valid(
        () => new LeaderSet(Field.Run(value.Run, "leader_set.run"), new Term(value.Term), Field.List(value.Seats, "leader_set.seats", WireLimits.MaxSlots, s =>
            new Seat(Field.Slot(s.Slot, "seat.slot"), Field.Node(s.Holder, "seat.holder"), Field.Incarnation(s.Incarnation, "seat.incarnation"), new Term(s.SinceTerm)))),
        "leader_set");

    /// <summary>A key offer.</summary>
    public static V1.KeyOffer ToWire(SignedOffer value) => new()
    {
        Run = Field.Of(value.Offer.Run), Term = value.Offer.Term.Value, Slot = (uint)value.Offer.Slot.Index, Holder = Field.Of(value.Offer.Holder),
        Incarnation = Field.Of(value.Offer.Incarnation), FirstRound = value.Offer.FirstRound.Value, PublicKey = Field.Of(value.Offer.PublicKey),
        Signer = ToWire(value.Signer), Signature = Field.Of(value.Signature),
    };

    /// <summary>A key offer.</summary>
    public static SignedOffer FromWire(V1.KeyOffer value) => new(
        new KeyOffer(Field.Run(value.Run, "key_offer.run"), new Term(value.Term), Field.Slot(value.Slot, "key_offer.slot"),
            Field.Node(value.Holder, "key_offer.holder"), Field.Incarnation(value.Incarnation, "key_offer.incarnation"), Field.Round(value.FirstRound, "key_offer.first_round"),
            Field.Bytes(value.PublicKey, "key_offer.public_key")),
        FromWire(value.Signer), Field.Bytes(value.Signature, "key_offer.signature"));

    /// <summary>A key answer.</summary>
    public static V1.KeyAnswer ToWire(SignedAnswer value) => new()
    {
        OfferHash = Field.Of(value.Answer.OfferHash), Party = Field.Of(value.Answer.Party), Incarnation = Field.Of(value.Answer.Incarnation),
        PublicKey = Field.Of(value.Answer.PublicKey), Signer = ToWire(value.Signer), Signature = Field.Of(value.Signature),
    };

    /// <summary>A key answer.</summary>
    public static SignedAnswer FromWire(V1.KeyAnswer value) => new(
        new KeyAnswer(Field.Hash(value.OfferHash, "key_answer.offer_hash"), Field.Node(value.Party, "key_answer.party"),
            Field.Incarnation(value.Incarnation, "key_answer.incarnation"), Field.Bytes(value.PublicKey, "key_answer.public_key")),
        FromWire(value.Signer), Field.Bytes(value.Signature, "key_answer.signature"));

    /// <summary>A leader's digest.</summary>
    public static V1.SignedDigest ToWire(SignedDigest value) => new()
    {
        Slot = (uint)value.Slot.Index, Signature = Field.Of(value.Signature),
        Digest = new V1.RoundDigest
        {
            Run = Field.Of(value.Digest.Run), Term = value.Digest.Term.Value, Round = value.Digest.Round.Value, Attempt = (uint)value.Digest.Attempt.Number,
            Spec = Field.Of(value.Digest.Spec), Leaders = Field.Of(value.Digest.Leaders), Intersection = Field.Of(value.Digest.Intersection),
        },
    };

    /// <summary>A leader's digest; the caller verifies the signature.</summary>
    public static SignedDigest FromWire(V1.SignedDigest? value)
    {
        var present = Field.Present(value, "signed_digest");
        var digest = Field.Present(present.Digest, "signed_digest.digest");
        return new SignedDigest(
            Field.Slot(present.Slot, "signed_digest.slot"),
            new RoundDigest(Field.Run(digest.Run, "digest.run"), new Term(digest.Term), new Round(digest.Round), Field.Attempt(digest.Attempt, "digest.attempt"),
                Field.Hash(digest.Spec, "digest.spec"), Field.Hash(digest.Leaders, "digest.leaders"), Field.Hash(digest.Intersection, "digest.intersection")),
            Field.Bytes(present.Signature, "signed_digest.signature"));
    }

    /// <summary>A leader's agreement to a replacement.</summary>
    public static V1.SignedReplacement ToWire(SignedReplacement value) => new()
    {
        Signer = (uint)value.Signer.Index, Signature = Field.Of(value.Signature),
        Replacement = new V1.Replacement
        {
            Run = Field.Of(value.Replacement.Run), Round = value.Replacement.Round.Value, Term = value.Replacement.Term.Value,
            Slot = (uint)value.Replacement.Slot.Index, Holder = Field.Of(value.Replacement.Holder), Incarnation = Field.Of(value.Replacement.Incarnation),
            Offer = Field.Of(value.Replacement.Offer), Leaders = Field.Of(value.Replacement.Leaders),
        },
    };

    /// <summary>A leader's agreement to a replacement; the caller verifies the signature.</summary>
    public static SignedReplacement FromWire(V1.SignedReplacement? value)
    {
        var present = Field.Present(value, "signed_replacement");
        var inner = Field.Present(present.Replacement, "signed_replacement.replacement");
        return new SignedReplacement(
            Field.Slot(present.Signer, "signed_replacement.signer"),
            new Replacement(
                Field.Run(inner.Run, "replacement.run"), new Round(inner.Round), new Term(inner.Term), Field.Slot(inner.Slot, "replacement.slot"),
                Field.Node(inner.Holder, "replacement.holder"), Field.Incarnation(inner.Incarnation, "replacement.incarnation"),
                Field.Hash(inner.Offer, "replacement.offer"), Field.Hash(inner.Leaders, "replacement.leaders")),
            Field.Bytes(present.Signature, "signed_replacement.signature"));
    }

    /// <summary>A set of contributions.</summary>
    public static IEnumerable<V1.Contribution> ToWire(PartySet value) =>
        value.Contributions.Select(c => new V1.Contribution { Party = Field.Of(c.Party), NonceHash = Field.Of(c.NonceHash) });

    /// <summary>A set of contributions.</summary>
    public static PartySet FromWire(Google.Protobuf.Collections.RepeatedField<V1.Contribution> value, string field) => Field.Valid(
        () => new PartySet(Field.List(value, field, WireLimits.MaxParties, c =>
            new Contribution(Field.Node(c.Party, "contribution.party"), Field.Hash(c.NonceHash, "contribution.nonce_hash")))),
        field);

    /// <summary>The lanes' totals.</summary>
    public static V1.RoundTotals ToWire(RoundTotals value) => new()
    {
        SampleCount = value.SampleCount, Clipped = value.Clipped, LossSum = value.LossSum, Correct = value.Correct, Evaluated = value.Evaluated,
    };

    /// <summary>The lanes' totals.</summary>
    public static RoundTotals FromWire(V1.RoundTotals? value)
    {
        var present = Field.Present(value, "totals");
        return new RoundTotals(present.SampleCount, present.Clipped, Field.Finite(present.LossSum, "totals.loss_sum"), present.Correct, present.Evaluated);
    }
}
