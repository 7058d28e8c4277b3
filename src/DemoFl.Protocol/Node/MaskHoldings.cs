namespace DemoFl.Protocol;

/// <summary>
/// Whose masks a leader holds in one round, and whose it may count on (B_j). After a slot was filled anew that is only who announced under the
/// leader's own set or affirmed it: told of different replacements, parties and leaders make no sum together.
/// </summary>
internal sealed class MaskHoldings(RoundSpec spec, LeaderSet leaders, Slot slot)
{
    private readonly HashSet<NodeId> _participants = [.. spec.Participants];
    private readonly Dictionary<Hash256, LeaderSet> _sets = new() { [leaders.Digest] = leaders };
    private readonly Dictionary<NodeId, (Nonce Nonce, Hash256? AnnouncedUnder)> _held = [];
    private readonly Dictionary<NodeId, PeerMessage.Affirmation> _affirmed = [];
    private readonly HashSet<NodeId> _vectorsHeld = [];
    private LeaderSet _leaders = leaders;

    /// <summary>The leaders whom a party announced under, if they are of this round and nothing stands against it; null otherwise.</summary>
    public LeaderSet? Announced(NodeId party, PeerMessage.Announcement announcement) =>
        _participants.Contains(party) && announcement.Spec == spec.Digest ? _sets.GetValueOrDefault(announcement.Leaders) : null;

    /// <summary>
    /// True for a party's first nonce, null for the same one again, false for another one: a second nonce would mean a second encoding, and a difference of
    /// the two in the clear. <paramref name="announcedUnder"/> is null for a seed that was resealed.
    /// </summary>
    public bool? Hold(NodeId party, Nonce nonce, Hash256? announcedUnder)
    {
        if (_held.TryGetValue(party, out var earlier))
        {
            return earlier.Nonce == nonce ? null : false;
        }

        bool known = _participants.Contains(party);
        if (known)
        {
            _held.Add(party, (nonce, announcedUnder));
        }

        return known;
    }

    /// <summary>Takes a party's word; true when it is of this leader's own set. One that came early counts once that set is seated.</summary>
    public bool Affirm(NodeId party, PeerMessage.Affirmation affirmation)
    {
        if (_participants.Contains(party) && affirmation.Term >= _leaders.Term)
        {
            _affirmed[party] = affirmation;
        }

        return HasAffirmed(party);
    }

    /// <summary>A slot has a new holder; returns the parties whose affirmation of the new set is here already.</summary>
    public IEnumerable<NodeId> Reorganise(LeaderSet next)
    {
        _leaders = next;
        _sets[next.Digest] = next;
        return [.. _affirmed.Keys.Where(HasAffirmed).OrderBy(p => p.Value)];
    }

    /// <summary>Rotating: the party's whole vector is here. False when this leader holds no mask of it yet.</summary>
    public bool KeepVector(NodeId party)
    {
        _vectorsHeld.Add(party);
        return _held.ContainsKey(party);
    }

    /// <summary>Whether this leader can unmask the contribution, and may.</summary>
    public bool Holds(Contribution contribution) =>
        _held.TryGetValue(contribution.Party, out var held) && held.Nonce.Hash == contribution.NonceHash
        && (held.AnnouncedUnder == _leaders.Digest || HasAffirmed(contribution.Party))
        && (!KeepsVectorOf(held.Nonce) || _vectorsHeld.Contains(contribution.Party));

    public Nonce NonceOf(NodeId party) => _held[party].Nonce;

    private bool HasAffirmed(NodeId party) =>
        _affirmed.TryGetValue(party, out var affirmed) && affirmed.Term == _leaders.Term && affirmed.Leaders == _leaders.Digest;

    private bool KeepsVectorOf(Nonce nonce) => spec.Layout == Layout.Rotating && VectorKeeper.Of(nonce, _leaders.Seats.Length) == slot;
}
