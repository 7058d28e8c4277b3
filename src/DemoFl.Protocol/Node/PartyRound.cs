namespace DemoFl.Protocol;

/// <summary>
/// A party in one round: train, announce to every holder, and only when all have acknowledged send the vector. So a complete vector implies that the
/// acknowledging holders can unmask it (DESIGN section 6). When a slot is filled anew, the party gives its new holder what the lost one had,
/// and neither trains nor sends its vector again (section 7).
/// </summary>
internal sealed class PartyRound(RoundSpec spec, LeaderSet? leaders)
{
    /// <summary>For an acknowledgement to come; after it the party reports the holder.</summary>
    public static readonly TimeSpan AcknowledgementPatience = TimeSpan.FromSeconds(2);

    private readonly HashSet<Slot> _acknowledged = [];
    private readonly HashSet<Slot> _receipts = [];
    private readonly HashSet<Slot> _reported = [];
    private LeaderSet? _leaders = leaders;
    private LeaderSet? _announcedUnder;
    private Nonce? _nonce;
    private bool _paused;
    private bool _affirming;
    private bool _submitting;
    private bool _vectorKept;
    private bool _delivered;
    private Term? _resealing;
    private bool _over;

    public RoundSpec Spec => spec;

    /// <summary>When the party loses patience with a holder.</summary>
    public TimeSpan? Deadline { get; private set; }

    public void Open(List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.Report(new NodeEvent.RoundJoined(spec.Round)));
        effects.Add(new NodeEffect.PrepareUpdate(spec));
    }

    public void Step(NodeInput input, TimeSpan now, List<NodeEffect> effects)
    {
        if (_over)
        {
            return;
        }

        switch (input)
        {
            case NodeInput.UpdatePrepared m when m.Round == spec.Round && _nonce is null:
                _nonce = m.Nonce;
                Announce(now, effects);
                break;
            case NodeInput.FromServer { Message: ServerMessage.Paused }:
                _paused = true;
                break;
            case NodeInput.FromHolder { Message: PeerMessage.Acknowledgement m } from when m.Round == spec.Round:
                OnAcknowledged(from.Slot, m.Vector, effects);
                break;
            case NodeInput.FromHolder { Message: PeerMessage.AffirmationReceipt m } from when m.Round == spec.Round && m.Term == _leaders?.Term:
                _receipts.Add(from.Slot);
                Proceed(effects);
                break;
            case NodeInput.VectorSubmitted m when m.Round == spec.Round && spec.Layout != Layout.Rotating:
                _delivered = true;
                break;
            case NodeInput.UpdateFailed { Undelivered: true } m when m.Round == spec.Round && _nonce is { } nonce:
                // The bytes are there, their keeper is not: they go to whoever takes its slot.
                Report(VectorKeeper.Of(nonce, _leaders!.Seats.Length), effects);
                break;
            case NodeInput.UpdateFailed m when m.Round == spec.Round && (!_delivered || _resealing is not null):
                // Nothing more of it leaves, in particular to nobody who takes a lost slot: it may be that the owner's record or count refused it.
                (_over, Deadline) = (true, null);
                effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, m.Reason)));
                effects.Add(new NodeEffect.Tell(new NodeMessage.Declined(spec.Round, m.Reason)));
                break;
            case NodeInput.CameBack m when _leaders?.SeatOf(m.Peer) is { } seat:
                Report(seat.Slot, effects);
                break;
            case NodeInput.Tick when Deadline <= now:
                Deadline = null;
                foreach (var silent in _leaders!.Seats.Where(s => !HasAnswered(s.Slot)))
                {
                    Report(silent.Slot, effects);
                }

                break;
        }
    }

    /// <summary>
    /// A slot has a new holder. What was announced before stays announced under the leaders of then, for seeds are never derived again under others; only
    /// the lost slot's goes to its new holder, and every holder is told which set that was.
    /// </summary>
    public void Reorganise(LeaderSet next, Slot slot, TimeSpan now, List<NodeEffect> effects)
    {
        if (_over)
        {
            return;
        }

        (_leaders, _paused, _resealing) = (next, false, next.Term);
        _reported.Clear();
        if (_nonce is not { } nonce)
        {
            return;
        }

        if (_announcedUnder is not { } announced)
        {
            Announce(now, effects);
            return;
        }

        _acknowledged.Remove(slot);
        _receipts.Clear();
        (_affirming, Deadline) = (true, now + AcknowledgementPatience);
        bool keeps = spec.Layout == Layout.Rotating && slot == VectorKeeper.Of(nonce, next.Seats.Length);
        _vectorKept = _vectorKept && !keeps;
        effects.Add(new NodeEffect.Reseal(spec, announced, slot, nonce, Vector: _submitting && keeps));
        foreach (var seat in next.Seats)
        {
            effects.Add(new NodeEffect.ToHolder(seat.Slot, new PeerMessage.Affirmation(spec.Round, next.Term, next.Digest)));
        }
    }

    private void Announce(TimeSpan now, List<NodeEffect> effects)
    {
        if (_leaders is null)
        {
            Submit(effects);
            return;
        }

        if (_paused)
        {
            return;
        }

        (_announcedUnder, Deadline) = (_leaders, now + AcknowledgementPatience);
        foreach (var seat in _leaders.Seats)
        {
            effects.Add(new NodeEffect.ToHolder(seat.Slot, new PeerMessage.Announcement(spec.Round, _nonce!.Value, spec.Digest, _leaders.Digest)));
        }
    }

    private void OnAcknowledged(Slot slot, bool vector, List<NodeEffect> effects)
    {
        if (_announcedUnder is null || slot.Index >= _leaders!.Seats.Length)
        {
            return;
        }

        if (!vector)
        {
            _acknowledged.Add(slot);
        }
        else if (_submitting && spec.Layout == Layout.Rotating && slot == VectorKeeper.Of(_nonce!.Value, _leaders.Seats.Length))
        {
            _vectorKept = true;
        }

        Proceed(effects);
    }

    private bool HasAnswered(Slot slot) => _acknowledged.Contains(slot) && (!_affirming || _receipts.Contains(slot));

    /// <summary>Does what the holders' answers allow, each thing once.</summary>
    private void Proceed(List<NodeEffect> effects)
    {
        if (_announcedUnder is null || !_leaders!.Seats.All(s => HasAnswered(s.Slot)))
        {
            return;
        }

        Deadline = null;
        if (!_submitting)
        {
            Submit(effects);
        }

        if (spec.Layout == Layout.Rotating)
        {
            if (!_vectorKept)
            {
                return;
            }

            if (!_delivered)
            {
                _delivered = true;
                effects.Add(new NodeEffect.Tell(new NodeMessage.VectorDelivered(spec.Round, _nonce!.Value.Hash)));
            }
        }

        if (_resealing is { } term)
        {
            _resealing = null;
            effects.Add(new NodeEffect.Report(new NodeEvent.Resealed(spec.Round, term)));
            effects.Add(new NodeEffect.Tell(new NodeMessage.Resealed(spec.Round, term)));
        }
    }

    private void Submit(List<NodeEffect> effects)
    {
        _submitting = true;
        effects.Add(new NodeEffect.SubmitVector(spec, _announcedUnder, _nonce!.Value));
    }

    private void Report(Slot slot, List<NodeEffect> effects)
    {
        if (_reported.Add(slot))
        {
            effects.Add(new NodeEffect.Tell(new NodeMessage.HolderSilent(spec.Round, slot)));
        }
    }
}
