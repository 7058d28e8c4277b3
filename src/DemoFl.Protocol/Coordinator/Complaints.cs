using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>
/// Which parties of a round say of which leaders that they do not answer. Each says it once, so that nobody can have a leader probed without end; and
/// one alone is not believed.
/// </summary>
internal sealed class Complaints(IEnumerable<NodeId> participants)
{
    /// <summary>At least so many parties must say the same.</summary>
    private const int Credible = 2;

    private readonly HashSet<NodeId> _participants = [.. participants];
    private readonly HashSet<(Seat Leader, NodeId Party)> _made = [];

    public bool Add(NodeId party, Seat leader) => _participants.Contains(party) && _made.Add((leader, party));

    /// <summary>
    /// The leaders for whom <paramref name="missing"/> of the parties that could not upload wait; none where that goes for all, which is no leader's fault
    /// alone.
    /// </summary>
    public ImmutableArray<Seat> Culprits(LeaderSet leaders, int missing, Func<NodeId, bool> hasUploaded)
    {
        int enough = Math.Max(Credible, missing);
        ImmutableArray<Seat> silent = [.. leaders.Seats.Where(s => _made.Count(c => c.Leader == s && !hasUploaded(c.Party)) >= enough)];
        return silent.Length < leaders.Seats.Length ? silent : [];
    }
}
