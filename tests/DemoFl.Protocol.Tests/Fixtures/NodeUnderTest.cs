namespace DemoFl.Protocol.Tests;

/// <summary>The machine of node 0 and a way to talk to it.</summary>
internal sealed class NodeUnderTest(NodePolicy? policy = null, bool canLead = true, ulong entropy = 1, NodeMemory memory = default)
{
    public NodeMachine Machine { get; } = new(
        new NodeSettings(Some.Run, Some.Node(0), Some.Incarnation(0), canLead, policy ?? new NodePolicy(AllowPlain: true), memory), entropy);

    public List<NodeEffect> Step(NodeInput input, TimeSpan now = default)
    {
        var effects = new List<NodeEffect>();
        Machine.Step(input, now, effects);
        return effects;
    }

    public List<NodeEffect> Hear(ServerMessage message) => Step(new NodeInput.FromServer(message));

    public List<NodeEffect> FromParty(int party, PeerMessage message) => Step(new NodeInput.FromParty(Some.Node(party), message));

    public List<NodeEffect> FromHolder(int slot, PeerMessage message) => Step(new NodeInput.FromHolder(new Slot(slot), message));

    /// <summary>From the announcement of <paramref name="leaders"/> to the last confirmation.</summary>
    public void AgreeKeys(LeaderSet leaders)
    {
        Hear(new ServerMessage.LeadersAnnounced(leaders));
        Hear(Some.Offers(leaders));
        foreach (var seat in leaders.Seats)
        {
            Step(new NodeInput.FromHolder(seat.Slot, new PeerMessage.Confirm()));
        }
    }

    /// <summary>Keys agreed with the leaders, nodes 0, 1 and 2 if none are named, and a round open.</summary>
    public List<NodeEffect> OpenRound(RoundSpec spec, LeaderSet? leaders = null)
    {
        AgreeKeys(leaders ?? Some.Leaders());
        return Hear(new ServerMessage.RoundOpened(spec));
    }
}
