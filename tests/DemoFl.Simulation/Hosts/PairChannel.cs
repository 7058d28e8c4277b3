namespace DemoFl.Simulation;

/// <summary>One end of a channel: who is at the other, for which seat, a key and a counter each way, as the real one has.</summary>
internal sealed class PairChannel(Hash256 key, NodeId peer, Seat seat)
{
    private ulong _sent;
    private ulong _received;

    public Hash256 Key => key;

    public NodeId Peer => peer;

    /// <summary>The seat that the channel was made for: who held it, and since which term.</summary>
    public Seat Seat => seat;

    public ulong NextSequence() => ++_sent;

    public bool Accepts(PeerFrame.Sealed frame)
    {
        bool fresh = frame.Key == key && frame.Sequence > _received;
        _received = fresh ? frame.Sequence : _received;
        return fresh;
    }
}
