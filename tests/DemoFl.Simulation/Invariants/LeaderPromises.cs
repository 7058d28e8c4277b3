using System.Collections.Immutable;

namespace DemoFl.Simulation;

/// <summary>
/// What honest leaders sign and release (P5, P6, C2, C3, and the table in DESIGN section 7): one release a round, over what all leaders have signed,
/// of parties that hold with that leader set, and no signature after it. A leader that has released and is then declared dead is out of the set: what
/// it gave is less than what its slot's new holder gets, and counts as that one slot (c + R).
/// </summary>
internal sealed class LeaderPromises(Federation federation, PartyWords words)
{
    private readonly Dictionary<(Round Round, NodeId Leader), List<RoundDigest>> _signed = [];
    private readonly Dictionary<(Round Round, NodeId Leader), (RoundDigest Digest, ImmutableArray<(NodeId Party, Nonce Nonce)> Parties)> _released = [];
    private readonly Dictionary<(Round Round, NodeId Leader), Attempt> _voided = [];
    private readonly Dictionary<(NodeId Leader, Incarnation Process, Round Round, Attempt Attempt), PartySet> _uploaded = [];
    private readonly Dictionary<(NodeHost Leader, Round Round, NodeId Party), Nonce> _announced = [];

    public void AfterStep(NodeHost node, NodeInput input, IReadOnlyList<NodeEffect> effects)
    {
        switch (input)
        {
            // A leader that has agreed to a replacement hears of no attempt, and may be told of the same one again.
            case NodeInput.FromServer { Message: ServerMessage.HoldingsAsked m } when effects.Any(e => Answers(e, m)):
                _uploaded.TryAdd((node.Resident.Id, node.Incarnation, m.Round, m.Attempt), m.Uploaded);
                break;
            case NodeInput.FromParty { Message: PeerMessage.Announcement m } from
                when !_announced.TryAdd((node, m.Round, from.Party), m.Nonce) && _announced[(node, m.Round, from.Party)] != m.Nonce:
                federation.Tally.Count("second nonces announced");
                break;
        }
    }

    public void On(NodeHost node, NodeEffect effect)
    {
        switch (effect)
        {
            case NodeEffect.SignDigest m:
                OnSigning(node, m.Digest);
                break;
            case NodeEffect.HoldMask m when words.AnnouncementOf(m.Party, m.Nonce) is { } said:
                Promise.Require(
                    said.Spec == m.Spec.Digest && said.Leaders == m.Leaders.Digest,
                    $"C3: {node.Resident.Name} derives a mask of another round or set than was announced to it");
                break;
            case NodeEffect.SignReplacement m:
                var key = (m.Replacement.Round, node.Resident.Id);
                Promise.Require(!_released.ContainsKey(key), $"P5: {node.Resident.Name} signs a replacement after it has released");
                Promise.Require(
                    _voided.TryAdd(key, _signed.GetValueOrDefault(key)?.Max(d => d.Attempt.Number) is { } last ? new Attempt(last) : default),
                    $"P3: {node.Resident.Name} signs a second replacement in round {m.Replacement.Round}");
                break;
        }
    }

    public void OnReleased(NodeHost leader, NodeEffect.ReleaseSum release)
    {
        var (round, parties, name) = (release.Spec.Round, release.Parties, leader.Resident.Name);
        var key = (round, leader.Resident.Id);
        if (_signed.GetValueOrDefault(key)?.Find(d => d.Attempt == release.Attempt) is not { } digest)
        {
            throw new InvariantException($"P5: {name} releases in round {round} without having signed a digest");
        }

        Promise.Require(
            !_voided.TryGetValue(key, out var voided) || release.Attempt.Number > voided.Number,
            $"P5: {name} releases attempt {release.Attempt}, which a replacement has voided");
        Promise.Require(
            _released.TryAdd(key, (digest, parties)) || _released[key].Parties.SequenceEqual(parties),
            $"P5: {name} released two sums in round {round}");
        Promise.Require(
            _released.Where(r => r.Key.Round == round && r.Value.Digest.Leaders == digest.Leaders).All(r => r.Value.Parties.SequenceEqual(parties)),
            $"C3: two leaders released over different B in round {round}");
        Promise.Require(
            parties.Length >= Math.Max(release.Spec.KMin, leader.Resident.Policy.MinKMin) && parties.Length <= release.Spec.Participants.Length,
            $"P6: {name} released a sum of {parties.Length}");
        Promise.Require(parties.Select(p => p.Party).Distinct().Count() == parties.Length, $"C2: {name} counts a party twice in round {round}");
        Promise.Require(
            new PartySet(parties.Select(p => new Contribution(p.Party, p.Nonce.Hash))).Digest == digest.Intersection,
            $"P5: {name} released another B than it signed");
        if (leader.Vectors.Open?.Round != round)
        {
            federation.Tally.Count("sums of earlier sessions handed out");
        }

        RequireUploaded(leader, release);
        RequireEverybodySigned(leader, release, digest);
        RequireWord(leader, release, digest);
    }

    private static bool Answers(NodeEffect effect, ServerMessage.HoldingsAsked asked) => effect switch
    {
        NodeEffect.Tell { Message: NodeMessage.HoldingsReported m } => m.Round == asked.Round && m.Attempt == asked.Attempt,
        NodeEffect.ToHolder { Message: PeerMessage.HoldingsShare m } => m.Round == asked.Round && m.Attempt == asked.Attempt,
        _ => false,
    };

    private void OnSigning(NodeHost node, RoundDigest digest)
    {
        var key = (digest.Round, node.Resident.Id);
        Promise.Require(!_released.ContainsKey(key), $"P5: {node.Resident.Name} signs a digest after it has released");
        if (!_signed.TryGetValue(key, out var signed))
        {
            _signed[key] = signed = [];
        }

        Promise.Require(
            signed.TrueForAll(d => d.Attempt.Number < digest.Attempt.Number),
            $"P5: {node.Resident.Name} signs attempt {digest.Attempt} of round {digest.Round} twice, or late");
        signed.Add(digest);
    }

    private void RequireUploaded(NodeHost leader, NodeEffect.ReleaseSum release)
    {
        if (!_uploaded.TryGetValue((leader.Resident.Id, leader.Incarnation, release.Spec.Round, release.Attempt), out var uploaded))
        {
            throw new InvariantException($"P6: {leader.Resident.Name} released without having been told whose vectors are complete");
        }

        Promise.Require(
            release.Parties.All(p => uploaded.Contributions.Contains(new Contribution(p.Party, p.Nonce.Hash))),
            $"P6: {leader.Resident.Name} released a sum beyond B_0");
    }

    private void RequireEverybodySigned(NodeHost leader, NodeEffect.ReleaseSum release, RoundDigest digest)
    {
        Promise.Require(release.Leaders.Digest == digest.Leaders, $"P5: {leader.Resident.Name} released under other leaders than it signed for");
        foreach (var seat in release.Leaders.Seats)
        {
            var resident = federation.Population.Find(seat.Holder);
            Promise.Require(
                resident is { IsCorrupt: true } || (_signed.GetValueOrDefault((release.Spec.Round, seat.Holder))?.Contains(digest) ?? false),
                $"P5: {leader.Resident.Name} released though slot {seat.Slot} has not signed its digest");
        }
    }

    /// <summary>A party's shares count only with leaders of the set that it has announced to or affirmed.</summary>
    private void RequireWord(NodeHost leader, NodeEffect.ReleaseSum release, RoundDigest digest)
    {
        foreach (var (party, _) in release.Parties)
        {
            bool corrupt = federation.Population.Find(party) is { IsCorrupt: true };
            Promise.Require(
                corrupt || words.HasGivenWord(release.Spec.Round, party, digest.Leaders),
                $"P3: {leader.Resident.Name} counts {federation.Population.NameOf(party)}, which has given no word for these leaders");
        }
    }
}
