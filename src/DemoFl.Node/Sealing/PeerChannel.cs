using DemoFl.Channels;
using DemoFl.Protocol;

namespace DemoFl.Node.Sealing;

/// <summary>A pair channel with who is at its other end and which slot it serves.</summary>
internal sealed class PeerChannel(PairChannel keys, NodeId peer, Slot slot, ReadOnlyMemory<byte> publicKey)
{
    public PairChannel Keys => keys;

    public NodeId Peer => peer;

    public Slot Slot => slot;

    /// <summary>The peer's identity key, as judged when the channel was made.</summary>
    public ReadOnlyMemory<byte> PublicKey => publicKey;

    /// <summary>Something the peer sealed has opened.</summary>
    public bool Confirmed { get; set; }
}
