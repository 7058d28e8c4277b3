namespace DemoFl.Protocol;

/// <summary>
/// A party in one round: train, announce to every holder, and only when all have acknowledged send the vector. So a complete
/// vector implies that the acknowledging holders can unmask it (DESIGN section 6).
/// </summary>
internal sealed class PartyRound(RoundSpec spec, LeaderSet? leaders)
{
    private readonly HashSet<Slot> _acknowledged = [];
    private Nonce? _nonce;
    private bool _submitting;
    private bool _delivered;

    public RoundSpec Spec => spec;

    public void Open(List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.Report(new NodeEvent.RoundJoined(spec.Round)));
        effects.Add(new NodeEffect.PrepareUpdate(spec));
    }

    public void Step(NodeInput input, List<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.UpdatePrepared m when m.Round == spec.Round && _nonce is null:
                _nonce = m.Nonce;
                Announce(m.Nonce, effects);
                break;
            case NodeInput.FromHolder { Message: PeerMessage.Acknowledgement m } from when m.Round == spec.Round:
                OnAcknowledged(from.Slot, m.Vector, effects);
                break;
            case NodeInput.VectorSubmitted m when m.Round == spec.Round && spec.Layout != Layout.Rotating:
                _delivered = true;
                break;
            case NodeInput.UpdateFailed m when m.Round == spec.Round && !_delivered:
                effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, m.Reason)));
                effects.Add(new NodeEffect.Tell(new NodeMessage.Declined(spec.Round, m.Reason)));
                break;
        }
    }

    private void Announce(Nonce nonce, List<NodeEffect> effects)
    {
        if (leaders is null)
        {
            Submit(nonce, effects);
            return;
        }

        foreach (var seat in leaders.Seats)
        {
            effects.Add(new NodeEffect.ToHolder(seat.Slot, new PeerMessage.Announcement(spec.Round, nonce, spec.Digest, leaders.Digest)));
        }
    }

    private void OnAcknowledged(Slot slot, bool vector, List<NodeEffect> effects)
    {
        if (_nonce is not { } nonce || leaders is null || slot.Index >= leaders.Seats.Length)
        {
            return;
        }

        if (vector)
        {
            bool fromKeeper = spec.Layout == Layout.Rotating && slot == VectorKeeper.Of(nonce, leaders.Seats.Length);
            if (_submitting && !_delivered && fromKeeper)
            {
                _delivered = true;
                effects.Add(new NodeEffect.Tell(new NodeMessage.VectorDelivered(spec.Round, nonce.Hash)));
            }
        }
        else if (_acknowledged.Add(slot) && _acknowledged.Count == leaders.Seats.Length)
        {
            Submit(nonce, effects);
        }
    }

    private void Submit(Nonce nonce, List<NodeEffect> effects)
    {
        _submitting = true;
        effects.Add(new NodeEffect.SubmitVector(spec, leaders, nonce));
    }
}
