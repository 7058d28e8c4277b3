namespace DemoFl.Protocol;

/// <summary>
/// What all committed entries up to <paramref name="Last"/> come to (section 7 of the paper): the last leader set and the last round. Small, whatever the
/// model's size: the model itself is fetched by its hash, from any institution that has it.
/// </summary>
/// <param name="Last">The last entry that it stands for.</param>
/// <param name="Leaders">Seated last, or null when none ever were.</param>
/// <param name="Round">Committed last, or null when none ever was.</param>
public sealed record ConsensusSnapshot(LogPosition Last, LeaderSet? Leaders, Agreement.RoundCommitted? Round)
{
    /// <summary>Nothing agreed yet.</summary>
    public static readonly ConsensusSnapshot Empty = new(default, null, null);

    /// <summary>
    /// With the next entry. Terms and rounds never decrease (promise C1): a leader set or a round that is not above the last one changes nothing, as when
    /// two coordinators proposed it one after the other.
    /// </summary>
    /// <exception cref="ArgumentException">It is not the next entry.</exception>
    public ConsensusSnapshot With(LogEntry entry)
    {
        if (entry.Index != Last.Index + 1)
        {
            throw new ArgumentException($"Entry {entry.Index} does not follow {Last.Index}.", nameof(entry));
        }

        return entry.Agreement switch
        {
            Agreement.LeadersSeated m when Leaders is null || m.Leaders.Term > Leaders.Term => this with { Last = entry.Position, Leaders = m.Leaders },
            Agreement.RoundCommitted m when Round is null || m.Round > Round.Round => this with { Last = entry.Position, Round = m },
            _ => this with { Last = entry.Position },
        };
    }
}
