namespace DemoFl.Protocol;

/// <summary>What an institution must never forget between two elections (figure 2, persistent state).</summary>
/// <param name="Ballot">The highest it has seen.</param>
/// <param name="Vote">Whom it voted for in it, or null.</param>
public readonly record struct HardState(Ballot Ballot, NodeId? Vote);
