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
        _ => throw new ArgumentException($"No content for {message.GetType().Name}.", nameof(message)),
    }).ToByteArray();

    /// <summary>What an opened message says, if it is what its associated data claims.</summary>
    /// <exception cref="WireFormatException">Malformed, or not of <paramref name="kind"/>.</exception>
    public static PeerMessage FromContent(Content content, SealedKind kind, Round round) => (content.ContentCase, kind) switch
    {
        (Content.ContentOneofCase.Confirm, SealedKind.Confirm) => new PeerMessage.Confirm(),
        (Content.ContentOneofCase.Announcement, SealedKind.Announcement) => new PeerMessage.Announcement(
            round, new Nonce(Field.Hash(content.Announcement.Nonce, "announcement.nonce")), Field.Hash(content.Announcement.Spec, "announcement.spec"),
            Field.Hash(content.Announcement.Leaders, "announcement.leaders")),
        (Content.ContentOneofCase.Acknowledgement, SealedKind.Acknowledgement) => new PeerMessage.Acknowledgement(round, content.Acknowledgement.Vector),
        (Content.ContentOneofCase.Digest, SealedKind.Digest) => new PeerMessage.DigestShare(Records.FromWire(content.Digest)),
        _ => throw new WireFormatException($"A sealed message of kind {kind} carries {content.ContentCase}."),
    };

    /// <summary>Parses an opened plaintext.</summary>
    /// <exception cref="WireFormatException">Not a PeerContent.</exception>
    public static Content Parse(ReadOnlySpan<byte> plaintext)
    {
        try
        {
            return Content.Parser.ParseFrom(plaintext);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new WireFormatException("An opened message is not a PeerContent.");
        }
    }

    /// <summary>What a peer message is sealed as.</summary>
    public static SealedKind KindOf(PeerMessage message) => message switch
    {
        PeerMessage.Confirm => SealedKind.Confirm,
        PeerMessage.Announcement => SealedKind.Announcement,
        PeerMessage.Acknowledgement => SealedKind.Acknowledgement,
        PeerMessage.DigestShare => SealedKind.Digest,
        _ => throw new ArgumentException($"No kind for {message.GetType().Name}.", nameof(message)),
    };
}
