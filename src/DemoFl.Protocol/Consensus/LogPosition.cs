namespace DemoFl.Protocol;

/// <summary>
/// A place in a log and the ballot of the entry there. Two logs that have the same position are the same up to it (Log Matching, section 5.3).
/// </summary>
/// <param name="Index">Counted from 1; 0 is the place before the first entry.</param>
/// <param name="Ballot">In which the entry was proposed; 0 at index 0.</param>
public readonly record struct LogPosition(long Index, Ballot Ballot)
{
    /// <summary>
    /// Whether a log that ends here is at least as up to date as one that ends at <paramref name="other"/>: the later last ballot, and of the same ballot
    /// the longer log (section 5.4.1).
    /// </summary>
    public bool IsUpToDateWith(LogPosition other) => Ballot > other.Ballot || (Ballot == other.Ballot && Index >= other.Index);
}
