namespace DemoFl.Fuzz;

/// <summary>How one execution went.</summary>
/// <param name="Signature">
/// Tells ways through the reader apart: the shape of what was taken, or the kind and the wording of the refusal without its numbers and quotations.
/// </param>
/// <param name="Failure">What must not be, or null.</param>
/// <param name="Took">By the wall clock.</param>
/// <param name="AllocatedBytes">On the heap, all together.</param>
internal readonly record struct Outcome(string Signature, Failure? Failure, TimeSpan Took, long AllocatedBytes);

/// <summary>What must not be.</summary>
/// <param name="Key">The same for inputs that fail in the same way.</param>
/// <param name="Message">For people.</param>
internal sealed record Failure(string Key, string Message);
