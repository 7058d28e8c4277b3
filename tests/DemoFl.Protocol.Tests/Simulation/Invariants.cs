using System.Collections.Immutable;

namespace DemoFl.Protocol.Tests.Simulation;

/// <summary>A promise of DESIGN section 3 was broken.</summary>
internal sealed class InvariantException(string message) : Exception(message);

/// <summary>
/// Watches a whole federation from outside and knows everything, so it can be dumb: it records what was seen and compares. Each
/// check names the promise it stands for.
/// </summary>
internal sealed class Invariants(Scenario scenario)
{
    private readonly JournalCheck _journal = new();
    private readonly Dictionary<Term, Hash256> _leadersOf = [];
    private readonly Dictionary<NodeHost, Term> _termOf = [];
    private readonly HashSet<(NodeHost Party, Round Round, Slot Slot)> _acknowledged = [];
    private readonly HashSet<(NodeHost Party, Round Round)> _submitted = [];
    private readonly Dictionary<(Round Round, Attempt Attempt), PartySet> _uploaded = [];
    private readonly Dictionary<(Round Round, Attempt Attempt, NodeId Leader), HashSet<NodeId>> _holdings = [];
    private readonly Dictionary<(Round Round, NodeId Leader), ImmutableArray<(NodeId Party, Nonce Nonce)>> _released = [];
    private readonly Dictionary<(Round Round, NodeId Party), uint[]> _updates = [];
    private Term _serverTerm;
    private int _commits;

    public static void Require(bool condition, string promise)
    {
        if (!condition)
        {
            throw new InvariantException(promise);
        }
    }

    /// <summary>An update as its owner knows it; the oracle of every sum.</summary>
    public uint[] NewUpdate(NodeId party, Round round, SplitMix64 randomness) => _updates[(round, party)] = Ring.Draw(randomness);

    public void AfterStep(CoordinatorMachine machine)
    {
        Require(machine.Term >= _serverTerm, $"C1: the coordinator's term fell from {_serverTerm} to {machine.Term}");
        _serverTerm = machine.Term;
        Seated(machine.Leaders);
    }

    public void AfterStep(NodeHost node)
    {
        if (node.Leaders is { } leaders)
        {
            Require(leaders.Term >= _termOf.GetValueOrDefault(node), $"C1: the term of {node.Resident.Name} fell to {leaders.Term}");
            _termOf[node] = leaders.Term;
            Seated(leaders);
        }
    }

    private void Seated(LeaderSet? leaders)
    {
        if (leaders is not null)
        {
            Require(_leadersOf.TryAdd(leaders.Term, leaders.Digest) || _leadersOf[leaders.Term] == leaders.Digest, $"C1: term {leaders.Term} has two leader sets");
            Require(leaders.Seats.Length == scenario.Rules.Leaders, $"term {leaders.Term} has {leaders.Seats.Length} leaders");
            Require(leaders.Seats.DistinctBy(s => s.Incarnation).Count() == leaders.Seats.Length, $"P3: a process holds two slots in term {leaders.Term}");
        }
    }

    public void OnCoordinator(CoordinatorEffect effect)
    {
        _journal.On(effect);
        switch (effect)
        {
            case CoordinatorEffect.Send { Message: ServerMessage.HoldingsAsked m }:
                _uploaded[(m.Round, m.Attempt)] = m.Uploaded;
                break;
            case CoordinatorEffect.PrepareClosing m:
                OnClosing(m);
                break;
        }
    }

    public void OnHeardFromHolder(NodeHost party, Slot slot, PeerMessage message)
    {
        if (message is PeerMessage.Acknowledgement m)
        {
            _acknowledged.Add((party, m.Round, slot));
        }
    }

    public void OnSubmit(NodeHost party, NodeEffect.SubmitVector submit)
    {
        var round = submit.Spec.Round;
        Require(_submitted.Add((party, round)), $"{party.Resident.Name} sent its vector of round {round} twice");
        Require(
            submit.Leaders?.Seats.All(s => _acknowledged.Contains((party, round, s.Slot))) ?? submit.Spec.Layout == Layout.Plain,
            $"{party.Resident.Name} sent its vector of round {round} before every holder had acknowledged");
    }

    public void OnTold(NodeHost node, NodeMessage message)
    {
        if (message is NodeMessage.HoldingsReported m)
        {
            _holdings.Add((m.Round, m.Attempt, node.Resident.Id), [.. m.Holdings]);
        }
    }

    public void OnRelease(NodeHost leader, NodeEffect.ReleaseSum release)
    {
        var (round, parties) = (release.Spec.Round, release.Parties);
        Require(
            _released.TryAdd((round, leader.Resident.Id), parties) || _released[(round, leader.Resident.Id)].SequenceEqual(parties),
            $"P5: {leader.Resident.Name} released two sums in round {round}");
        Require(
            _released.Where(r => r.Key.Round == round).All(r => r.Value.SequenceEqual(parties)), $"C3: two leaders released over different B in round {round}");
        Require(parties.Length >= release.Spec.KMin, $"P6: {leader.Resident.Name} released a sum of {parties.Length}");
        Require(release.Leaders.Seats[release.Slot.Index].Incarnation == leader.Incarnation, $"{leader.Resident.Name} released for a slot of an earlier life");
    }

    private void OnClosing(CoordinatorEffect.PrepareClosing closing)
    {
        var (round, b) = (closing.Spec.Round, closing.Intersection);
        Require(b.Count >= closing.Spec.KMin && b.Count <= closing.Spec.Participants.Length, $"P6: |B| is {b.Count} in round {round}");
        Require(b.Contributions.All(c => closing.Spec.Participants.Contains(c.Party)), $"B names a party that was not selected in round {round}");
        if (closing.Spec.Layout == Layout.Plain)
        {
            return;
        }

        var uploaded = _uploaded[(round, closing.Attempt)].Contributions;
        Require(b.Contributions.All(uploaded.Contains), $"P6: B is not within B_0 in round {round}");
        foreach (var (key, holdings) in _holdings.Where(h => h.Key.Round == round && h.Key.Attempt == closing.Attempt))
        {
            Require(b.Contributions.All(c => holdings.Contains(c.Party)), $"P6: B is not within what {key.Leader} holds in round {round}");
        }

        Require(
            closing.Digests.Select(d => d.Slot).Distinct().Count() == scenario.Rules.Leaders && closing.Digests.All(d => d.Digest.Intersection == b.Digest),
            $"P5: round {round} closes without equal digests of all leaders");
    }

    public void OnCommit(CoordinatorEffect.CommitRound commit, uint[] total)
    {
        var round = commit.Spec.Round;
        Require(commit.Spec.Training.Stage == scenario.Rules.StageAfter(_commits++), $"round {round} is for {commit.Spec.Training.Stage}, out of its order");
        uint[] oracle = Ring.Sum(commit.Intersection.Contributions.Select(c => _updates[(round, c.Party)]));
        Require(total.SequenceEqual(oracle), $"C4: the sum of round {round} is not the sum of its parties' updates");
        Require(
            _released.Where(r => r.Key.Round == round).All(r => r.Value.Select(p => p.Party).SequenceEqual(commit.Intersection.Contributions.Select(c => c.Party))),
            $"C3: round {round} commits a B that its leaders did not release");
    }
}
