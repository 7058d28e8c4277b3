using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// A leader in one round: keeps announcements, reports B_j, checks and signs B, exchanges digests, releases once. What it may still do follows the
/// table in DESIGN section 7: having signed attempt a it may sign a + 1 or a replacement, either of which voids a; having released it signs nothing.
/// </summary>
internal sealed class LeaderRound(RoundSpec spec, LeaderSet leaders, Slot slot)
{
    private readonly MaskHoldings _holdings = new(spec, leaders, slot);
    private readonly LeaderExchange<SignedDigest> _digests = new();
    private readonly LeaderExchange<PeerMessage.HoldingsShare> _shares = new();
    private LeaderSet _leaders = leaders;
    private PartySet? _uploaded;
    private PartySet? _intersection;
    private RoundDigest? _signed;
    private Replacement? _agreed;
    private Attempt _attempt;
    private int _replacements;
    private bool _byLeaders;
    private bool _reported;
    private bool _released;

    /// <summary>The sum that the present attempt's digests of all leaders allow to hand out, or null.</summary>
    public NodeEffect.ReleaseSum? Agreed => _reported && _intersection is { } b
        ? new NodeEffect.ReleaseSum(spec, _leaders, slot, _attempt, [.. b.Contributions.Select(c => (c.Party, _holdings.NonceOf(c.Party)))])
        : null;

    public void Step(NodeInput input, List<NodeEffect> effects)
    {
        switch (input)
        {
            case NodeInput.FromParty { Message: PeerMessage.Announcement m } from when m.Round == spec.Round:
                OnAnnouncement(from.Party, m, effects);
                break;
            case NodeInput.SeedHeld m when m.Round == spec.Round && _holdings.Hold(m.Party, m.Nonce, announcedUnder: null) != false:
                effects.Add(new NodeEffect.ToParty(m.Party, new PeerMessage.Acknowledgement(spec.Round, Vector: false)));
                break;
            case NodeInput.FromParty { Message: PeerMessage.Affirmation m } from when m.Round == spec.Round && _holdings.Affirm(from.Party, m):
                effects.Add(new NodeEffect.ToParty(from.Party, new PeerMessage.AffirmationReceipt(spec.Round, m.Term)));
                break;
            case NodeInput.VectorHeld m when m.Round == spec.Round && _holdings.KeepVector(m.Party):
                effects.Add(new NodeEffect.ToParty(m.Party, new PeerMessage.Acknowledgement(spec.Round, Vector: true)));
                break;
            case NodeInput.DigestSigned m when m.Digest.Digest == _signed:
                OnOwnDigest(m.Digest, effects);
                break;
            case NodeInput.FromParty { Message: PeerMessage.DigestShare m } from when m.Digest.Digest.Round == spec.Round && m.Digest.Digest.Run == spec.Run:
                OnDigest(from.Party, m.Digest, effects);
                break;
            case NodeInput.FromParty { Message: PeerMessage.HoldingsShare m } from when m.Round == spec.Round:
                OnShare(from.Party, m, effects);
                break;
            case NodeInput.ReplacementSigned m when m.Signed.Replacement == _agreed:
                effects.Add(new NodeEffect.Tell(new NodeMessage.ReplacementAgreed(spec.Round, m.Signed)));
                break;
            case NodeInput.ReplacementDeclined m when m.Replacement == _agreed:
                Refuse("this leader does not accept the node that would take the slot", effects);
                break;
            case NodeInput.SumFailed m when m.Round == spec.Round:
                Refuse(m.Reason, effects);
                break;
            case NodeInput.FromServer m:
                OnServer(m.Message, effects);
                break;
        }
    }

    /// <summary>Whether this is an announcement under the set that this leader has agreed to and is not told of yet; a party may be, and says it once.</summary>
    public bool Awaits(NodeInput input) =>
        input is NodeInput.FromParty { Message: PeerMessage.Announcement m } && m.Round == spec.Round && m.Leaders == _agreed?.Leaders;

    /// <summary>A slot has a new holder: what was signed under the earlier set is void, what was held is not.</summary>
    public void Reorganise(LeaderSet next, List<NodeEffect> effects)
    {
        (_leaders, _agreed) = (next, null);
        _replacements++;
        (_uploaded, _intersection, _signed, _reported) = (null, null, null, false);
        _digests.Void(_attempt);
        _shares.Void(_attempt);
        foreach (var party in _holdings.Reorganise(next))
        {
            effects.Add(new NodeEffect.ToParty(party, new PeerMessage.AffirmationReceipt(spec.Round, next.Term)));
        }
    }

    public void Refuse(string reason, List<NodeEffect> effects)
    {
        effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, reason)));
        effects.Add(new NodeEffect.Tell(new NodeMessage.LeaderRefused(spec.Round, reason)));
    }

    /// <summary>Nothing of an attempt is answered between the agreement to a replacement and its coming about.</summary>
    private void OnServer(ServerMessage message, List<NodeEffect> effects)
    {
        switch (message)
        {
            case ServerMessage.ReplacementAsked m when m.Round == spec.Round:
                OnReplacementAsked(m, effects);
                break;
            case ServerMessage.HoldingsAsked m when m.Round == spec.Round && _agreed is null:
                OnHoldingsAsked(m, effects);
                break;
            case ServerMessage.IntersectionProposed m when m.Round == spec.Round && _agreed is null && !_byLeaders:
                OnProposed(m.Attempt, m.Intersection, effects);
                break;
            case ServerMessage.ReleaseAsked m when m.Round == spec.Round && _agreed is null:
                OnReleaseAsked(m.Attempt, effects);
                break;
        }
    }

    private void OnAnnouncement(NodeId party, PeerMessage.Announcement announcement, List<NodeEffect> effects)
    {
        if (_holdings.Announced(party, announcement) is not { } announcedUnder)
        {
            return;
        }

        bool? isNew = _holdings.Hold(party, announcement.Nonce, announcedUnder.Digest);
        if (isNew == true)
        {
            effects.Add(new NodeEffect.HoldMask(spec, announcedUnder, slot, party, announcement.Nonce));
        }

        if (isNew != false)
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

        _digests.Void(_attempt);
        _shares.Void(_attempt);
        (_uploaded, _attempt, _byLeaders) = (asked.Uploaded, asked.Attempt, asked.ByLeaders);
        (_intersection, _signed, _reported) = (null, null, false);
        ImmutableArray<NodeId> held = [.. asked.Uploaded.Contributions.Where(_holdings.Holds).Select(c => c.Party)];
        if (!asked.ByLeaders)
        {
            effects.Add(new NodeEffect.Tell(new NodeMessage.HoldingsReported(spec.Round, asked.Attempt, held)));
            return;
        }

        var own = new PeerMessage.HoldingsShare(spec.Round, asked.Attempt, asked.Uploaded.Digest, held);
        _shares.Set(Self, asked.Attempt, own);
        SendToLeaders(own, effects);
        IntersectWhenComplete(effects);
    }

    private void OnShare(NodeId from, PeerMessage.HoldingsShare share, List<NodeEffect> effects)
    {
        if (SlotOf(from) is not null && _shares.TryAdd(from, share.Attempt, share, _attempt))
        {
            IntersectWhenComplete(effects);
        }
    }

    /// <summary>SOFL: B = B_0 and all B_j, found by every leader for itself.</summary>
    private void IntersectWhenComplete(List<NodeEffect> effects)
    {
        if (!_byLeaders || _uploaded is null || _signed is not null || _agreed is not null || _shares.All(_leaders, _attempt) is not { } shares)
        {
            return;
        }

        if (shares.Any(s => s.Uploaded != _uploaded.Digest))
        {
            Refuse("the leaders were told of different sets of uploaded vectors", effects);
            return;
        }

        var common = shares.Select(s => s.Holdings.ToHashSet()).ToArray();
        var b = new PartySet(_uploaded.Contributions.Where(c => common.All(h => h.Contains(c.Party))));
        effects.Add(new NodeEffect.Tell(new NodeMessage.HoldingsReported(spec.Round, _attempt, [.. b.Contributions.Select(c => c.Party)])));

        // Too few is nobody's fault: the coordinator sees it in the reports and ends the round.
        if (b.Count >= spec.KMin)
        {
            OnProposed(_attempt, b, effects);
        }
    }

    private void OnProposed(Attempt attempt, PartySet b, List<NodeEffect> effects)
    {
        if (_released || attempt != _attempt || _uploaded is null || _signed is not null)
        {
            return;
        }

        if (LeaderRights.Objection(b, spec, _uploaded, _holdings) is { } objection)
        {
            Refuse(objection, effects);
            return;
        }

        _intersection = b;
        _signed = new RoundDigest(spec.Run, _leaders.Term, spec.Round, _attempt, spec.Digest, _leaders.Digest, b.Digest);
        effects.Add(new NodeEffect.SignDigest(_signed));
    }

    private void OnOwnDigest(SignedDigest own, List<NodeEffect> effects)
    {
        _digests.Set(Self, _attempt, own);
        SendToLeaders(new PeerMessage.DigestShare(own), effects);
        ReportWhenComplete(effects);
    }

    private void OnDigest(NodeId from, SignedDigest digest, List<NodeEffect> effects)
    {
        if (SlotOf(from) == digest.Slot && _digests.TryAdd(from, digest.Digest.Attempt, digest, _attempt))
        {
            ReportWhenComplete(effects);
        }
    }

    private void ReportWhenComplete(List<NodeEffect> effects)
    {
        if (_signed is null || _reported || _digests.All(_leaders, _attempt) is not { } digests)
        {
            return;
        }

        // Reported in either case: signatures show whose digest is another one. This leader's stays the one that it has signed in this attempt.
        _reported = true;
        effects.Add(new NodeEffect.Tell(new NodeMessage.DigestsReported(spec.Round, _attempt, digests)));
        if (digests.FirstOrDefault(d => d.Digest != _signed) is { } different)
        {
            effects.Add(new NodeEffect.Report(new NodeEvent.Declined(spec.Round, $"the digest of slot {different.Slot} differs from this leader's")));
            _intersection = null;
        }
    }

    private void OnReleaseAsked(Attempt attempt, List<NodeEffect> effects)
    {
        if (attempt == _attempt && Agreed is { } sum)
        {
            _released = true;
            effects.Add(sum);
        }
    }

    private void OnReplacementAsked(ServerMessage.ReplacementAsked asked, List<NodeEffect> effects)
    {
        string? objection = _released ? "this leader has released its sum; nothing of the round can be handed on any more"
            : _agreed is not null || _replacements == LeaderCare.MaxReplacements ? "this leader has agreed to a replacement in this round already"
            : LeaderRights.Objection(asked, spec, _leaders, slot);
        if (objection is not null)
        {
            Refuse(objection, effects);
            return;
        }

        _agreed = Replacement.Of(spec.Round, asked.Leaders, asked.Offer.Offer);
        (_intersection, _signed, _reported) = (null, null, false);
        effects.Add(new NodeEffect.SignReplacement(_agreed, asked.Offer));
    }

    private NodeId Self => _leaders.Seats[slot.Index].Holder;

    /// <summary>The slot that a node speaks for, or null. Who takes the lost one may be told so before this leader is.</summary>
    private Slot? SlotOf(NodeId node) => _agreed?.Holder == node ? _agreed.Slot : _leaders.SeatOf(node)?.Slot;

    private void SendToLeaders(PeerMessage message, List<NodeEffect> effects)
    {
        foreach (var seat in _leaders.Seats.Where(s => s.Slot != slot))
        {
            effects.Add(new NodeEffect.ToHolder(seat.Slot, message));
        }
    }
}
