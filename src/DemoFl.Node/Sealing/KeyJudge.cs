using DemoFl.Channels;
using DemoFl.Identity;
using DemoFl.Protocol;

namespace DemoFl.Node.Sealing;

/// <summary>Judges who made a half of a key agreement before any key is made of it, and puts two halves together. Thread-safe.</summary>
internal sealed class KeyJudge(ITrustPolicy trust, TimeProvider clock)
{
    /// <summary>What is wrong with an offer or an answer of <paramref name="node"/>, or null.</summary>
    public string? Objection(NodeId node, Credentials signer, string domain, byte[] statement, ReadOnlyMemory<byte> signature)
    {
        if (new NodeId(Hash256.Of(signer.PublicKey.Span)) != node)
        {
            return "its signer is not the node it names";
        }

        // The signature first: nobody may pin a name to a key that it does not hold.
        if (!Signature.Verify(signer.PublicKey.Span, domain, statement, signature.Span))
        {
            return "its signature does not verify";
        }

        var claim = new IdentityClaim(signer.Name, signer.PublicKey, signer.Certificate);
        return trust.Judge(claim, clock.GetUtcNow()) is TrustDecision.Refused refused ? refused.Reason : null;
    }

    /// <summary>The channel of two halves; null where the peer's key is not a point of the curve.</summary>
    public static PairChannel? Agree(AgreementKey key, ReadOnlyMemory<byte> peer, KeyOffer offer, KeyAnswer answer, ChannelRole role)
    {
        try
        {
            return key.Agree(peer.Span, KeyAnswer.Transcript(offer, answer).ToArray(), role, offer.FirstRound.Value);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
