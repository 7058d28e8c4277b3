namespace DemoFl.Mutation;

/// <summary>How the hunt for a mutant ended.</summary>
/// <param name="Mutant">Which.</param>
/// <param name="Violation">What caught it; null when nothing did.</param>
/// <param name="Seeds">How many seeds that took.</param>
/// <param name="Took">From the first seed to the last.</param>
internal sealed record Finding(Mutant Mutant, Violation? Violation, int Seeds, TimeSpan Took);
