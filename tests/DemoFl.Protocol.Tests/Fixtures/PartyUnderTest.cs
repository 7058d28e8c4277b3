namespace DemoFl.Protocol.Tests;

/// <summary>Node 0, a party that holds no slot, in round 1 under nodes 1, 2 and 3; node 4 is to take slot 1.</summary>
internal sealed class PartyUnderTest
{
    public static readonly LeaderSet Before = Some.LeadersOf(1, 2, 3);

    public static readonly LeaderSet Next = Some.Replaced(Before, slot: 1, holder: 4);

    private readonly int _nonce;

    public PartyUnderTest(Layout layout = Layout.Masked, NodePolicy? policy = null, int nonce = 7)
    {
        (Node, Spec, _nonce) = (new NodeUnderTest(policy), Some.Spec(layout: layout), nonce);
        Node.OpenRound(Spec, Before);
    }

    public NodeUnderTest Node { get; }

    public RoundSpec Spec { get; }

    public Nonce Nonce => Some.Nonce(_nonce);

    public static ServerMessage.Replaced Replacement => Some.Replacement(Before, Next);

    /// <summary>A number whose nonce, rotating, gives the vector to this slot.</summary>
    public static int NonceFor(int keeper) => Enumerable.Range(0, 100).First(i => VectorKeeper.Of(Some.Nonce(i), 3).Index == keeper);

    public List<NodeEffect> Pause() => Node.Hear(new ServerMessage.Paused(Spec.Round, Next.Term, new Slot(1)));

    public List<NodeEffect> Prepare() => Node.Step(new NodeInput.UpdatePrepared(Spec.Round, Nonce));

    public List<NodeEffect> Acknowledge(params int[] slots) =>
        [.. slots.SelectMany(s => Node.FromHolder(s, new PeerMessage.Acknowledgement(Spec.Round, Vector: false)))];

    public List<NodeEffect> AcknowledgeVector(int slot) => Node.FromHolder(slot, new PeerMessage.Acknowledgement(Spec.Round, Vector: true));

    public List<NodeEffect> Receipt(params int[] slots) =>
        [.. slots.SelectMany(s => Node.FromHolder(s, new PeerMessage.AffirmationReceipt(Spec.Round, Next.Term)))];

    public List<NodeEffect> Replace(ServerMessage.Replaced? replaced = null) => Node.Hear(replaced ?? Replacement);

    /// <summary>Announced to all.</summary>
    public PartyUnderTest Announced()
    {
        Prepare();
        return this;
    }

    /// <summary>Announced, acknowledged, and the vector on its way.</summary>
    public PartyUnderTest Submitted()
    {
        Announced();
        Acknowledge(0, 1, 2);
        return this;
    }
}
