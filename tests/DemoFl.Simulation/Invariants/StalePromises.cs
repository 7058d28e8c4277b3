namespace DemoFl.Simulation;

/// <summary>A message of an old round changes nothing (C6).</summary>
internal sealed class StalePromises
{
    public void AfterStep(NodeHost node, NodeInput input, NodeMemory before, IReadOnlyList<NodeEffect> effects)
    {
        if (RoundOf(input) is { } round && effects.Any(e => !IsRefusal(e, round)))
        {
            bool stale = round < before.LastRound || (round == before.LastRound && input is NodeInput.FromServer { Message: ServerMessage.RoundOpened });
            Promise.Require(!stale, $"C6: {node.Resident.Name}, in round {before.LastRound}, is moved by round {round}: {TraceText.Of(input)}");
        }
    }

    public void AfterStep(CoordinatorMachine machine, CoordinatorInput input, IReadOnlyList<CoordinatorEffect> effects)
    {
        if (effects.Count > 0 && RoundOf(input) is { } round)
        {
            // The step may have opened the next round itself.
            bool opened = effects.Any(e => e is CoordinatorEffect.Journal { Entry: JournalEntry.RoundOpened });
            Promise.Require(
                round.Value >= machine.Round.Value - (opened ? 1UL : 0),
                $"C6: the coordinator, in round {machine.Round}, is moved by {input} of round {round}");
        }
    }

    /// <summary>To say no to an old round changes nothing either.</summary>
    private static bool IsRefusal(NodeEffect effect, Round round) => effect is NodeEffect.Tell { Message: NodeMessage.LeaderRefused m } && m.Round == round;

    private static Round? RoundOf(NodeInput input) => input switch
    {
        NodeInput.FromServer m => m.Message switch
        {
            ServerMessage.RoundOpened s => s.Spec.Round,
            ServerMessage.Paused s => s.Round,
            ServerMessage.SlotOffered s => s.Round,
            ServerMessage.ReplacementAsked s => s.Round,
            ServerMessage.HoldingsAsked s => s.Round,
            ServerMessage.IntersectionProposed s => s.Round,
            ServerMessage.ReleaseAsked s => s.Round,
            ServerMessage.RoundCommitted s => s.Round,
            ServerMessage.RoundAborted s => s.Round,
            _ => null,
        },
        NodeInput.FromParty m => RoundOf(m.Message),
        NodeInput.FromHolder m => RoundOf(m.Message),
        NodeInput.VectorHeld m => m.Round,
        NodeInput.SeedHeld m => m.Round,
        NodeInput.UpdatePrepared m => m.Round,
        _ => null,
    };

    private static Round? RoundOf(PeerMessage message) => message switch
    {
        PeerMessage.Announcement m => m.Round,
        PeerMessage.Acknowledgement m => m.Round,
        PeerMessage.Affirmation m => m.Round,
        PeerMessage.AffirmationReceipt m => m.Round,
        PeerMessage.HoldingsShare m => m.Round,
        PeerMessage.DigestShare m => m.Digest.Digest.Round,
        _ => null,
    };

    private static Round? RoundOf(CoordinatorInput input) => input switch
    {
        CoordinatorInput.VectorReceived m => m.Round,
        CoordinatorInput.SumReceived m => m.Round,
        CoordinatorInput.ClosingPrepared m => m.Round,
        CoordinatorInput.NodeSaid m => m.Message switch
        {
            NodeMessage.VectorDelivered s => s.Round,
            NodeMessage.Declined s => s.Round,
            NodeMessage.HoldingsReported s => s.Round,
            NodeMessage.DigestsReported s => s.Round,
            NodeMessage.ReplacementAgreed s => s.Round,
            NodeMessage.Resealed s => s.Round,
            NodeMessage.HolderSilent s => s.Round,
            NodeMessage.LeaderRefused s => s.Round,
            _ => null,
        },
        _ => null,
    };
}
