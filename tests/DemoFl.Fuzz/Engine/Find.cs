namespace DemoFl.Fuzz;

/// <summary>An input that breaks something.</summary>
/// <param name="Target">The reader.</param>
/// <param name="Seed">Of the campaign.</param>
/// <param name="Execution">Its number within the target's run, from 1.</param>
/// <param name="Failure">What must not be.</param>
/// <param name="Input">The smallest input that was found to fail in the same way.</param>
internal sealed record Find(string Target, ulong Seed, long Execution, Failure Failure, byte[] Input);
