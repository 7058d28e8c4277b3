namespace DemoFl.Mutation;

/// <summary>A variant of the product that is broken on purpose, and must be caught.</summary>
/// <param name="Name">The name of its file.</param>
/// <param name="Title">What it does wrong, in a sentence.</param>
/// <param name="Promise">
/// The promises of DESIGN section 3 that it breaks, such as P5 or C2, C4, or those of consensus, R1 to R7: one of them is what the simulator must name.
/// </param>
/// <param name="FirstSeed">Where the search begins: shortly before a seed that is known to catch it, so that the search is short.</param>
/// <param name="Edits">The changes that make it.</param>
internal sealed record Mutant(string Name, string Title, string Promise, ulong FirstSeed, IReadOnlyList<Edit> Edits)
{
    /// <summary>The product as it is: what finds something here finds it in every mutant, too, and proves nothing.</summary>
    public static readonly Mutant None = new("none", "The product as it is", "none", 0, []);

    /// <summary>Who looks for what it breaks.</summary>
    public Simulator Simulator => Promise.StartsWith('R') ? Simulator.Institutions : Simulator.Federations;

    /// <summary>Whether this is what the mutant breaks.</summary>
    public bool Explains(Violation violation) => Promise.Split(", ").Contains(violation.Promise);

    public override string ToString() => Name;
}
