using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// The election of one term at the coordinator: the first recommendations win the vacant slots (DemoFL, section 4), one per process. The
/// <paramref name="kept"/> seats stay as they are.
/// </summary>
internal sealed class LeaderElection(RunId run, Term term, int seats, ImmutableArray<Seat> kept, Func<Member, bool> mayLead)
{
    private readonly List<Member> _winners = [];

    public Term Term => term;

    public ImmutableArray<Seat> Kept => kept;

    public int Vacant => seats - kept.Length;

    public bool IsComplete => _winners.Count == Vacant;

    /// <summary>Takes a candidate unless it, or another node of its process, already holds a slot.</summary>
    public bool Recommend(Member candidate)
    {
        bool acceptable = !IsComplete && candidate.CanLead && mayLead(candidate)
            && _winners.TrueForAll(w => w.Node != candidate.Node && w.Incarnation != candidate.Incarnation)
            && kept.All(s => s.Holder != candidate.Node && s.Incarnation != candidate.Incarnation);
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
    public LeaderSet Seat()
    {
        var winners = new Queue<Member>(_winners);
        return new LeaderSet(run, term, [.. Enumerable.Range(0, seats).Select(i => new Slot(i)).Select(slot => kept.FirstOrDefault(s => s.Slot == slot) ?? Fill(slot))]);

        Seat Fill(Slot slot)
        {
            var winner = winners.Dequeue();
            return new Seat(slot, winner.Node, winner.Incarnation, term);
        }
    }
}
