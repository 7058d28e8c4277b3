namespace DemoFl.Protocol;

/// <summary>One line of the replicated log. What is at a position is the same wherever it stands.</summary>
/// <param name="Index">Counted from 1.</param>
/// <param name="Ballot">Of the coordinator that proposed it.</param>
/// <param name="Agreement">What is agreed once the entry is committed.</param>
public sealed record LogEntry(long Index, Ballot Ballot, Agreement Agreement)
{
    /// <summary>Where it stands.</summary>
    public LogPosition Position => new(Index, Ballot);
}
