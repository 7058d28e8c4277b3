using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// A leader in one round: keeps announcements, reports B_j, checks and signs B, exchanges digests, releases once. What it may
/// still do follows the table in DESIGN section 7: having signed attempt a it may sign a + 1, having released it signs nothing.
/// </summary>
internal sealed class LeaderRound(RoundSpec spec, LeaderSet leaders, Slot slot)
{
    private readonly Dictionary<NodeId, Nonce> _announced = [];
    private readonly HashSet<NodeId> _vectorsHeld = [];
    private readonly Dictionary<(Slot, Attempt), SignedDigest> _digests = [];
    private readonly HashSet<NodeId> _participants = [.. spec.Participants];
    private PartySet? _uploaded;
    private PartySet? _intersection;
    private RoundDigest? _signed;
    private Attempt _attempt;
    private bool _reported;
    private bool _released;

    public RoundSpec Spec => spec;

    public void Step(NodeInput input, List<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.FromParty { Message: PeerMessage.Announcement m } from when m.Round == spec.Round:
                OnAnnouncement(from.Party, m, effects);
                break;
            case NodeInput.VectorHeld m when m.Round == spec.Round && _announced.ContainsKey(m.Party):
                _vectorsHeld.Add(m.Party);
                effects.Add(new NodeEffect.ToParty(m.Party, new PeerMessage.Acknowledgement(spec.Round, Vector: true)));
                break;
            case NodeInput.FromServer { Message: ServerMessage.HoldingsAsked m } when m.Round == spec.Round:
                OnHoldingsAsked(m, effects);
                break;
            case NodeInput.FromServer { Message: ServerMessage.IntersectionProposed m } when m.Round == spec.Round:
                OnProposed(m, effects);
                break;
            case NodeInput.DigestSigned m when m.Digest.Digest == _signed:
                OnOwnDigest(m.Digest, effects);
                break;
            case NodeInput.FromParty { Message: PeerMessage.DigestShare m } from when m.Digest.Digest.Round == spec.Round:
                OnDigest(from.Party, m.Digest, effects);
                break;
            case NodeInput.FromServer { Message: ServerMessage.ReleaseAsked m } when m.Round == spec.Round:
                OnReleaseAsked(m.Attempt, effects);
                break;
            case NodeInput.SumFailed m when m.Round == spec.Round:
                Refuse(m.Reason, effects);
                break;
        }
    }

    private void OnAnnouncement(NodeId party, PeerMessage.Announcement announcement, List<NodeEffect> effects)
    {
        // One nonce per party and round: a second one would mean a second encoding, and a difference of the two in the clear.
        bool toldTheSame = announcement.Spec == spec.Digest && announcement.Leaders == leaders.Digest;
        if (!_participants.Contains(party) || !toldTheSame)
        {
            return;
        }

        var nonce = announcement.Nonce;

        if (_announced.TryAdd(party, nonce))
        {
            effects.Add(new NodeEffect.HoldMask(spec, leaders, slot, party, nonce));
        }

        if (_announced[party] == nonce)
        {
            effects.Add(new NodeEffect.ToParty(party, new PeerMessage.Acknowledgement(spec.Round, Vector: false)));
        }
    }

    private void OnHoldingsAsked(ServerMessage.HoldingsAsked asked, List<NodeEffect> effects)
    {
        if (_released || asked.Attempt.Number <= _attempt.Number)
        {
            return;
        }

        (_uploaded, _attempt) = (asked.Uploaded, asked.Attempt);
        (_intersection, _signed, _reported) = (null, null, false);
        var holdings = asked.Uploaded.Contributions.Where(Holds).Select(c => c.Party);
        effects.Add(new NodeEffect.Tell(new NodeMessage.HoldingsReported(spec.Round, asked.Attempt, [.. holdings])));
    }

    private bool Holds(Contribution contribution) =>
        _announced.TryGetValue(contribution.Party, out var nonce) && nonce.Hash == contribution.NonceHash
        && (!KeepsVectorOf(nonce) || _vectorsHeld.Contains(contribution.Party));

    private bool KeepsVectorOf(Nonce nonce) => spec.Layout == Layout.Rotating && VectorKeeper.Of(nonce, leaders.Seats.Length) == slot;

    private void OnProposed(ServerMessage.IntersectionProposed proposed, List<NodeEffect> effects)
    {
        if (_released || proposed.Attempt != _attempt || _signed is not null)
        {
            return;
        }

        if (Objection(proposed.Intersection) is { } objection)
        {
            Refuse(objection, effects);
            return;
        }

        _intersection = proposed.Intersection;
        _signed = new RoundDigest(spec.Run, leaders.Term, spec.Round, _attempt, spec.Digest, leaders.Digest, _intersection.Digest);
        effects.Add(new NodeEffect.SignDigest(_signed));
    }

    /// <summary>Promise P6, and that B is within B_0 and this leader's own B_j.</summary>
    private string? Objection(PartySet b)
    {
        if (b.Count < spec.KMin || b.Count > spec.Participants.Length)
        {
            return $"the intersection has {b.Count} parties, outside {spec.KMin} to {spec.Participants.Length}";
        }

        var uploaded = _uploaded!.Contributions.ToHashSet();
        return b.Contributions.All(c => uploaded.Contains(c) && Holds(c))
            ? null
            : "the intersection names a party whose announcement this leader does not hold";
    }

    private void OnOwnDigest(SignedDigest own, List<NodeEffect> effects)
    {
        _digests[(slot, _attempt)] = own;
        foreach (var seat in leaders.Seats.Where(s => s.Slot != slot))
        {
            effects.Add(new NodeEffect.ToHolder(seat.Slot, new PeerMessage.DigestShare(own)));
        }

        ReportWhenComplete(effects);
    }

    private void OnDigest(NodeId from, SignedDigest digest, List<NodeEffect> effects)
    {
        // May come before this leader was asked: kept by attempt, judged when its own digest is signed.
        bool nextOrCurrent = digest.Digest.Attempt.Number - _attempt.Number is 0 or 1;
        if (nextOrCurrent && leaders.SeatOf(from)?.Slot == digest.Slot && _digests.TryAdd((digest.Slot, digest.Digest.Attempt), digest))
        {
            ReportWhenComplete(effects);
        }
    }

    private void ReportWhenComplete(List<NodeEffect> effects)
    {
        if (_signed is null || _reported || AllDigests() is not { } digests)
        {
            return;
        }

        if (digests.FirstOrDefault(d => d.Digest != _signed) is { } different)
        {
            Refuse($"the digest of slot {different.Slot} differs from this leader's", effects);
            return;
        }

        _reported = true;
        effects.Add(new NodeEffect.Tell(new NodeMessage.DigestsReported(spec.Round, _attempt, digests)));
    }

    private ImmutableArray<SignedDigest>? AllDigests()
    {
        var digests = leaders.Seats.Select(s => _digests.GetValueOrDefault((s.Slot, _attempt))).ToArray();
        return digests.Any(d => d is null) ? null : [.. digests!];
    }

    private void OnReleaseAsked(Attempt attempt, List<NodeEffect> effects)
    {
        if (attempt != _attempt || !_reported)
        {
            return;
        }

        _released = true;
        var parties = _intersection!.Contributions.Select(c => (c.Party, _announced[c.Party]));
        effects.Add(new NodeEffect.ReleaseSum(spec, leaders, slot, attempt, [.. parties]));
    }

    private void Refuse(string reason, List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, reason)));
        effects.Add(new NodeEffect.Tell(new NodeMessage.LeaderRefused(spec.Round, reason)));
    }
}
