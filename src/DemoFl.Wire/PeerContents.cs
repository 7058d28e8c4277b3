using DemoFl.Protocol;
using Google.Protobuf;
using Content = DemoFl.V1.PeerContent;

namespace DemoFl.Wire;

/// <summary>The plaintexts of sealed messages, to and from bytes.</summary>
public static class PeerContents
{
    /// <summary>The bytes to seal.</summary>
    public static byte[] ToBytes(PeerMessage message) => (message switch
    {
        PeerMessage.Confirm => new Content { Confirm = new V1.Confirm() },
        PeerMessage.Announcement m => new Content
        {
            Announcement = new V1.Announcement { Nonce = Field.Of(m.Nonce.Value), Spec = Field.Of(m.Spec), Leaders = Field.Of(m.Leaders) },
        },
        PeerMessage.Acknowledgement m => new Content { Acknowledgement = new V1.Acknowledgement { Vector = m.Vector } },
        PeerMessage.DigestShare m => new Content { Digest = Records.ToWire(m.Digest) },
        PeerMessage.Affirmation m => new Content { Affirmation = new V1.Affirmation { Leaders = Field.Of(m.Leaders) } },
        PeerMessage.AffirmationReceipt => new Content { AffirmationReceipt = new V1.AffirmationReceipt() },
        PeerMessage.HoldingsShare m => new Content
        {
            HoldingsShare = new V1.HoldingsShare { Uploaded = Field.Of(m.Uploaded), Holdings = { m.Holdings.Select(Field.Of) } },
        },
        _ => throw new ArgumentException($"No content for {message.GetType().Name}.", nameof(message)),
    }).ToByteArray();

    /// <summary>What an opened message says, if it is what its associated data claims: round, term and attempt are the seal's.</summary>
    /// <exception cref="WireFormatException">Malformed, not of the context's kind, or of a kind that no machine sees.</exception>
    public static PeerMessage FromContent(Content content, SealContext context) => (content.ContentCase, context.Kind) switch
    {
        (Content.ContentOneofCase.Confirm, SealedKind.Confirm) => new PeerMessage.Confirm(),
        (Content.ContentOneofCase.Announcement, SealedKind.Announcement) => new PeerMessage.Announcement(
            context.Round, new Nonce(Field.Hash(content.Announcement.Nonce, "announcement.nonce")), Field.Hash(content.Announcement.Spec, "announcement.spec"),
            Field.Hash(content.Announcement.Leaders, "announcement.leaders")),
        (Content.ContentOneofCase.Acknowledgement, SealedKind.Acknowledgement) => new PeerMessage.Acknowledgement(
            context.Round, content.Acknowledgement.Vector),
        (Content.ContentOneofCase.Digest, SealedKind.Digest) => new PeerMessage.DigestShare(Records.FromWire(content.Digest)),
        (Content.ContentOneofCase.Affirmation, SealedKind.Affirmation) => new PeerMessage.Affirmation(
            context.Round, context.Term, Field.Hash(content.Affirmation.Leaders, "affirmation.leaders")),
        (Content.ContentOneofCase.AffirmationReceipt, SealedKind.AffirmationReceipt) => new PeerMessage.AffirmationReceipt(context.Round, context.Term),
        (Content.ContentOneofCase.HoldingsShare, SealedKind.Holdings) => new PeerMessage.HoldingsShare(
            context.Round, context.Attempt, Field.Hash(content.HoldingsShare.Uploaded, "holdings_share.uploaded"),
            Field.List(content.HoldingsShare.Holdings, "holdings_share.holdings", WireLimits.MaxParties, h => Field.Node(h, "holdings_share.holdings"))),
        _ => throw new WireFormatException($"A sealed message of kind {context.Kind} carries {content.ContentCase}."),
    };

    /// <summary>Parses an opened plaintext.</summary>
    /// <exception cref="WireFormatException">Not a PeerContent.</exception>
    public static Content Parse(ReadOnlyMemory<byte> plaintext) => Messages.Parse(Content.Parser, plaintext);

    /// <summary>What a peer message is sealed as.</summary>
    public static SealedKind KindOf(PeerMessage message) => message switch
    {
        PeerMessage.Confirm => SealedKind.Confirm,
        PeerMessage.Announcement => SealedKind.Announcement,
        PeerMessage.Acknowledgement => SealedKind.Acknowledgement,
        PeerMessage.DigestShare => SealedKind.Digest,
        PeerMessage.Affirmation => SealedKind.Affirmation,
        PeerMessage.AffirmationReceipt => SealedKind.AffirmationReceipt,
        PeerMessage.HoldingsShare => SealedKind.Holdings,
        _ => throw new ArgumentException($"No kind for {message.GetType().Name}.", nameof(message)),
    };

    /// <summary>The round and the attempt of the context that a peer message is sealed in; no round for what belongs to none.</summary>
    public static (Round? Round, Attempt Attempt) PlaceOf(PeerMessage message) => message switch
    {
        PeerMessage.Announcement m => (m.Round, default),
        PeerMessage.Acknowledgement m => (m.Round, default),
        PeerMessage.DigestShare m => (m.Digest.Digest.Round, m.Digest.Digest.Attempt),
        PeerMessage.Affirmation m => (m.Round, default),
        PeerMessage.AffirmationReceipt m => (m.Round, default),
        PeerMessage.HoldingsShare m => (m.Round, m.Attempt),
        _ => (null, default),
    };
}
