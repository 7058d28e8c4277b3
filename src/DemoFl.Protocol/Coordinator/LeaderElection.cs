namespace DemoFl.Protocol;

/// <summary>
/// The election of one term at the coordinator: the first N_l recommendations win (DemoFL, section 4), one per process.
/// </summary>
internal sealed class LeaderElection(RunId run, Term term, int seats)
{
    private readonly List<Member> _winners = [];

    public Term Term => term;

    public bool IsComplete => _winners.Count == seats;

    /// <summary>Takes a candidate unless it, or another node of its process, already holds a slot.</summary>
    public bool Recommend(Member candidate)
    {
        bool acceptable = !IsComplete && candidate.CanLead
            && _winners.TrueForAll(w => w.Node != candidate.Node && w.Incarnation != candidate.Incarnation);
        if (acceptable)
        {
            _winners.Add(candidate);
        }

        return acceptable;
    }

    /// <summary>Whoever leaves before the set is complete makes room for the next.</summary>
    public void Withdraw(NodeId node) => _winners.RemoveAll(w => w.Node == node);

    /// <summary>SOFL: draws the leaders among those that can lead; incomplete when there are too few processes.</summary>
    public void Appoint(IReadOnlyList<Member> members, SplitMix64 randomness)
    {
        var candidates = members.Where(m => m.CanLead).ToArray();
        foreach (var candidate in randomness.Draw(candidates, candidates.Length))
        {
            Recommend(candidate);
        }
    }

    /// <summary>L. Only when complete.</summary>
    public LeaderSet Seat() => new(run, term, [.. _winners.Select((w, i) => new Seat(new Slot(i), w.Node, w.Incarnation, term))]);
}
