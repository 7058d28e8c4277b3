using System.Collections.Immutable;

namespace DemoFl.Protocol;

/// <summary>How much may be on its way or kept.</summary>
/// <param name="EntriesPerMessage">In one <see cref="ConsensusMessage.AppendRequest"/>, 1 to <see cref="MaxEntriesPerMessage"/>.</param>
/// <param name="Unacknowledged">Messages with entries that one follower has not answered, 1 to 256.</param>
/// <param name="Uncommitted">Entries behind the last committed one; beyond them the coordinator refuses proposals, 1 to 65536.</param>
/// <param name="LogEntries">Applied entries after which the log is compacted to half of them, 2 to 65536.</param>
public sealed record ConsensusLimits(int EntriesPerMessage = 64, int Unacknowledged = 8, int Uncommitted = 256, int LogEntries = 1024)
{
    /// <summary>A message with more is refused.</summary>
    public const int MaxEntriesPerMessage = 1024;

    /// <summary>DESIGN section 8.</summary>
    public static readonly ConsensusLimits Default = new();

    internal bool AreInRange =>
        EntriesPerMessage is >= 1 and <= MaxEntriesPerMessage && Unacknowledged is >= 1 and <= 256 && Uncommitted is >= 1 and <= 65536
        && LogEntries is >= 2 and <= 65536;
}

/// <summary>Who agrees, and how patiently. The same members at every institution, for the whole run.</summary>
public sealed record ConsensusRules
{
    /// <summary>A majority of more would wait for too many.</summary>
    public const int MaxMembers = 31;

    /// <param name="self">This institution.</param>
    /// <param name="members">All of them, 1 to <see cref="MaxMembers"/>, each once, this one among them; the order does not matter.</param>
    /// <param name="electionTimeout">
    /// The least time without a coordinator after which one stands for election, 10 ms to 1 min; the waits are drawn from there to its double
    /// (section 5.2). Well above the time to reach a majority and back.
    /// </param>
    /// <param name="heartbeat">Between two of the coordinator's signs of life, 1 ms to half of <paramref name="electionTimeout"/>.</param>
    /// <param name="limits">How much may be on its way or kept; <see cref="ConsensusLimits.Default"/> when null.</param>
    /// <exception cref="ArgumentException">Something is out of its range.</exception>
    public ConsensusRules(NodeId self, ImmutableArray<NodeId> members, TimeSpan electionTimeout, TimeSpan heartbeat, ConsensusLimits? limits = null)
    {
        if (members.Length is < 1 or > MaxMembers || members.Distinct().Count() != members.Length || !members.Contains(self))
        {
            throw new ArgumentException($"1 to {MaxMembers} different members are needed, this one among them.", nameof(members));
        }

        if (electionTimeout < TimeSpan.FromMilliseconds(10) || electionTimeout > TimeSpan.FromMinutes(1))
        {
            throw new ArgumentException("The election timeout is 10 ms to 1 min.", nameof(electionTimeout));
        }

        if (heartbeat < TimeSpan.FromMilliseconds(1) || heartbeat > electionTimeout / 2)
        {
            throw new ArgumentException("The heartbeat is 1 ms to half of the election timeout.", nameof(heartbeat));
        }

        Limits = limits ?? ConsensusLimits.Default;
        if (!Limits.AreInRange)
        {
            throw new ArgumentException("A limit is out of its range.", nameof(limits));
        }

        (Self, ElectionTimeout, Heartbeat) = (self, electionTimeout, heartbeat);
        Members = members.Sort((left, right) => left.Value.CompareTo(right.Value));
        Others = Members.Remove(self);
    }

    /// <summary>This institution.</summary>
    public NodeId Self { get; }

    /// <summary>All, by id.</summary>
    public ImmutableArray<NodeId> Members { get; }

    /// <summary>All but this one, by id.</summary>
    public ImmutableArray<NodeId> Others { get; }

    /// <summary>The least wait before an election.</summary>
    public TimeSpan ElectionTimeout { get; }

    /// <summary>Between two heartbeats.</summary>
    public TimeSpan Heartbeat { get; }

    /// <summary>How much may be on its way or kept.</summary>
    public ConsensusLimits Limits { get; }

    /// <summary>So many of the members that any two such sets meet.</summary>
    public int Majority => (Members.Length / 2) + 1;
}
