using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>What the coordinator has from the leaders of one attempt to close a round: their B_j, their digests, their sums.</summary>
internal sealed class LeaderReports(LeaderSet? leaders)
{
    private readonly Dictionary<Slot, HashSet<NodeId>> _holdings = [];
    private readonly SortedDictionary<int, ImmutableArray<SignedDigest>> _digests = [];
    private readonly HashSet<Slot> _released = [];

    private int Seats => leaders?.Seats.Length ?? 0;

    public bool AllAgree => _digests.Count == Seats;

    public bool HaveAllHoldings => _holdings.Count == Seats;

    public bool AnyReleased => _released.Count > 0;

    /// <summary>All leaders' digests, as one of them reported them.</summary>
    public ImmutableArray<SignedDigest> Digests => _digests.Count == 0 ? [] : _digests.Values.First();

    /// <summary>True when this was the last leader's.</summary>
    public bool AddHoldings(NodeId leader, ImmutableArray<NodeId> holdings) =>
        leaders?.SeatOf(leader) is { } seat && _holdings.TryAdd(seat.Slot, [.. holdings]) && _holdings.Count == Seats;

    public bool IsHeldByAll(Contribution contribution) => _holdings.Values.All(h => h.Contains(contribution.Party));

    public bool AddDigests(NodeId leader, ImmutableArray<SignedDigest> digests) =>
        leaders?.SeatOf(leader) is { } seat && _digests.TryAdd(seat.Slot.Index, digests);

    /// <summary>
    /// Who reported digests that are not the expected one of every leader, and who signed another; a report that is not whole, or digs out what was signed
    /// in another round or attempt, is its reporter's own fault.
    /// </summary>
    public (Seat Reporter, ImmutableArray<Seat> Culprits)? Disagreement(RoundDigest expected)
    {
        foreach (var (index, digests) in _digests)
        {
            var reporter = leaders!.Seats[index];
            bool whole = digests.Length == Seats && digests.Select(d => d.Slot).Distinct().Count() == Seats && digests.All(d => d.Slot.Index < Seats
                && (d.Digest.Run, d.Digest.Round, d.Digest.Attempt) == (expected.Run, expected.Round, expected.Attempt));
            if (!whole)
            {
                return (reporter, [reporter]);
            }

            ImmutableArray<Seat> others = [.. digests.Where(d => d.Digest != expected).Select(d => leaders.Seats[d.Slot.Index])];
            if (others.Length > 0)
            {
                return (reporter, others);
            }
        }

        return null;
    }

    /// <summary>True when this was the last leader's.</summary>
    public bool AddSum(NodeId leader) => leaders?.SeatOf(leader) is { } seat && _released.Add(seat.Slot) && _released.Count == Seats;

    public bool HasReleased(Slot slot) => _released.Contains(slot);

    /// <summary>
    /// Who has not done what the stage waits for. Nobody while digests are exchanged: who keeps its own from the others makes them look silent.
    /// </summary>
    public ImmutableArray<Seat> Silent(RoundStage stage) => [.. leaders?.Seats.Where(s => stage switch
    {
        RoundStage.Intersecting => !_holdings.ContainsKey(s.Slot),
        RoundStage.Releasing => !_released.Contains(s.Slot),
        _ => false,
    }) ?? []];
}
