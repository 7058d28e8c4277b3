namespace DemoFl.Mutation;

/// <summary>A mutant that cannot be tried: its file is malformed, or the source that it changes is no longer as it was.</summary>
internal sealed class MutantException(string message) : Exception(message);
