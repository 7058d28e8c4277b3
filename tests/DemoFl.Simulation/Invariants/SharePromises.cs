namespace DemoFl.Simulation;

/// <summary>
/// P3: no process but the owner's gets shares of two slots of one party in one round. A share is an announcement, a seed or a vector.
/// </summary>
internal sealed class SharePromises(Federation federation)
{
    private readonly Dictionary<(Round Round, NodeId Party, Incarnation Life, NodeId Holder), Slot> _slots = [];
    private readonly Dictionary<(Round Round, NodeId Party, Incarnation Life, int Process), Slot> _slotsOfProcesses = [];

    public void OnSealed(NodeHost party, NodeId holder, PeerFrame.Sealed frame)
    {
        Round? round = frame.Content switch
        {
            SealedContent.Said { Message: PeerMessage.Announcement m } => m.Round,
            SealedContent.Seed m => m.Round,
            SealedContent.Vector m => m.Round,
            _ => null,
        };
        if (round is not { } shared || !frame.ToHolder)
        {
            return;
        }

        // A process that was started again knows nothing of its earlier life: what it makes of the round is another update under another nonce.
        var (slot, own, life) = (frame.Context.Slot, party.Resident.Id, party.Incarnation);
        Promise.Require(
            _slots.TryAdd((shared, own, life, holder), slot) || _slots[(shared, own, life, holder)] == slot,
            $"P3: {party.Resident.Name} gives {federation.Population.NameOf(holder)} a share of slot {slot} besides another of round {shared}");
        if (federation.Population.Find(holder) is { } resident)
        {
            var key = (shared, own, life, resident.Process);
            Promise.Require(
                _slotsOfProcesses.TryAdd(key, slot) || _slotsOfProcesses[key] == slot,
                $"P3: {party.Resident.Name} gives the process of {resident.Name} shares of two slots in round {shared}");
        }
    }
}
