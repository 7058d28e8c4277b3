namespace DemoFl.Protocol;

/// <summary>What a party and a holder say to each other inside their sealed channel.</summary>
public abstract record PeerMessage
{
    private PeerMessage()
    {
    }

    /// <summary>The key works.</summary>
    public sealed record Confirm : PeerMessage;

    /// <summary>
    /// The party's nonce for a round, with H(RoundSpec) and H(L) as the party was told them. A leader that was told otherwise does not
    /// acknowledge, so nothing of the party is sent.
    /// </summary>
    public sealed record Announcement(Round Round, Nonce Nonce, Hash256 Spec, Hash256 Leaders) : PeerMessage;

    /// <summary>The holder keeps the announcement (or, rotating, the whole vector).</summary>
    public sealed record Acknowledgement(Round Round, bool Vector) : PeerMessage;

    /// <summary>A leader's signed digest, sent as the party of the receiving slot's channel.</summary>
    public sealed record DigestShare(SignedDigest Digest) : PeerMessage;
}
