using System.Collections.Immutable;

namespace DemoFl.Simulation;

/// <summary>
/// What an honest coordinator closes over and commits: within everybody's B_j, and to the last bit the sum of its parties' updates (P5, P6, C2 to C4).
/// </summary>
internal sealed class SumPromises(Scenario scenario, PartyWords words)
{
    private readonly Dictionary<(Round Round, Attempt Attempt), PartySet> _uploaded = [];
    private readonly Dictionary<(Round Round, Attempt Attempt, NodeId Leader), HashSet<NodeId>> _holdings = [];
    private readonly Dictionary<(Round Round, NodeId Leader), ImmutableArray<(NodeId Party, Nonce Nonce)>> _released = [];
    private int _commits;

    public void OnStart(CoordinatorProgress progress) => _commits = progress.CommittedRounds;

    public void OnDurable(DiskRecord record) => _commits += record.Kind == DiskRecordKind.RoundCommitted ? 1 : 0;

    public void On(CoordinatorEffect effect)
    {
        switch (effect)
        {
            case CoordinatorEffect.Send { Message: ServerMessage.HoldingsAsked m }:
                _uploaded[(m.Round, m.Attempt)] = m.Uploaded;
                break;
            case CoordinatorEffect.Send { Message: ServerMessage.IntersectionProposed m }:
                RequireWithin(m.Intersection, m.Round, m.Attempt);
                break;
            case CoordinatorEffect.PrepareClosing m:
                OnClosing(m);
                break;
        }
    }

    public void OnReported(NodeHost leader, NodeMessage.HoldingsReported report) =>
        _holdings.TryAdd((report.Round, report.Attempt, leader.Resident.Id), [.. report.Holdings]);

    public void OnReleased(NodeHost leader, NodeEffect.ReleaseSum release) => _released[(release.Spec.Round, leader.Resident.Id)] = release.Parties;

    public void OnCommit(CoordinatorEffect.CommitRound commit, uint[] total)
    {
        var round = commit.Spec.Round;
        Promise.Require(
            commit.Spec.Training.Stage == scenario.Rules.StageAfter(_commits),
            $"C2: round {round} is for {commit.Spec.Training.Stage}, out of its order");
        uint[] oracle = Ring.Zero;
        foreach (var contribution in commit.Intersection.Contributions)
        {
            if (words.UpdateOf(round, contribution) is not { } update)
            {
                throw new InvariantException($"C2: round {round} commits an update of {contribution.Party} that nobody made");
            }

            Ring.Add(oracle, update);
        }

        Promise.Require(total.AsSpan().SequenceEqual(oracle), $"C4: the sum of round {round} is not the sum of its parties' updates");
        Promise.Require(
            _released.Where(r => r.Key.Round == round)
                .All(r => r.Value.Select(p => p.Party).SequenceEqual(commit.Intersection.Contributions.Select(c => c.Party))),
            $"C3: round {round} commits a B that its leaders did not release");
    }

    private void OnClosing(CoordinatorEffect.PrepareClosing closing)
    {
        var (round, b) = (closing.Spec.Round, closing.Intersection);
        Promise.Require(b.Count >= closing.Spec.KMin && b.Count <= closing.Spec.Participants.Length, $"P6: |B| is {b.Count} in round {round}");
        Promise.Require(
            b.Contributions.All(c => closing.Spec.Participants.Contains(c.Party)), $"P6: B names a party that was not selected in round {round}");
        if (closing.Spec.Layout == Layout.Plain)
        {
            return;
        }

        RequireWithin(b, round, closing.Attempt);
        Promise.Require(
            closing.Digests.Select(d => d.Slot).Distinct().Count() == scenario.Rules.Leaders && closing.Digests.All(d => d.Digest.Intersection == b.Digest),
            $"P5: round {round} closes without equal digests of all leaders");
    }

    /// <summary>B is within B_0 and within every B_j that was reported.</summary>
    private void RequireWithin(PartySet b, Round round, Attempt attempt)
    {
        if (!_uploaded.TryGetValue((round, attempt), out var uploaded))
        {
            throw new InvariantException($"P6: round {round} has a B before anybody was asked for B_j");
        }

        Promise.Require(b.Contributions.All(uploaded.Contributions.Contains), $"P6: B is not within B_0 in round {round}");
        foreach (var (key, holdings) in _holdings.Where(h => h.Key.Round == round && h.Key.Attempt == attempt))
        {
            Promise.Require(b.Contributions.All(c => holdings.Contains(c.Party)), $"P6: B is not within what {key.Leader} holds in round {round}");
        }
    }
}
