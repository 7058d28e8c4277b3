namespace DemoFl.Protocol;

/// <summary>What happens to a node. The host has verified signatures, opened seals and checked who is at the other end.</summary>
public abstract record NodeInput
{
    private NodeInput()
    {
    }

    /// <summary>From the coordinator.</summary>
    public sealed record FromServer(ServerMessage Message) : NodeInput;

    /// <summary>From the holder of a slot, to this node as a party.</summary>
    public sealed record FromHolder(Slot Slot, PeerMessage Message) : NodeInput;

    /// <summary>From a party, to this node as a holder.</summary>
    public sealed record FromParty(NodeId Party, PeerMessage Message) : NodeInput;

    /// <summary>The update is trained and encoded, once, and is masked under this nonce.</summary>
    public sealed record UpdatePrepared(Round Round, Nonce Nonce) : NodeInput;

    /// <summary>
    /// The update could not be made or sent. <paramref name="Undelivered"/>: it is made, and the holder that is to keep it does not take it (rotating).
    /// </summary>
    public sealed record UpdateFailed(Round Round, string Reason, bool Undelivered = false) : NodeInput;

    /// <summary>This node's sum, as a leader, could not be made or sent.</summary>
    public sealed record SumFailed(Round Round, string Reason) : NodeInput;

    /// <summary>The coordinator has the whole vector (rotating: it has been sent to its leader).</summary>
    public sealed record VectorSubmitted(Round Round) : NodeInput;

    /// <summary>Rotating: this node, a holder, has a party's whole vector.</summary>
    public sealed record VectorHeld(NodeId Party, Round Round) : NodeInput;

    /// <summary>This node's own signature, as asked for by <see cref="NodeEffect.SignDigest"/>.</summary>
    public sealed record DigestSigned(SignedDigest Digest) : NodeInput;

    /// <summary>This node's own signature, as asked for by <see cref="NodeEffect.SignReplacement"/>.</summary>
    public sealed record ReplacementSigned(SignedReplacement Signed) : NodeInput;

    /// <summary>This node does not sign what <see cref="NodeEffect.SignReplacement"/> asked for: whoever made the offer is not one that it accepts.</summary>
    public sealed record ReplacementDeclined(Replacement Replacement) : NodeInput;

    /// <summary>This node, a new holder, has a party's mask seed of the slot's earlier life. The seed itself stays with the host.</summary>
    public sealed record SeedHeld(NodeId Party, Round Round, Nonce Nonce) : NodeInput;

    /// <summary>The relay could not deliver to this peer.</summary>
    public sealed record CameBack(NodeId Peer) : NodeInput;

    /// <summary>Time has passed.</summary>
    public sealed record Tick : NodeInput;
}
