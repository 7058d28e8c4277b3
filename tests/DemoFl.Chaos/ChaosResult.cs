namespace DemoFl.Chaos;

/// <summary>What came of one fault.</summary>
/// <param name="Fault">What was done to it, in one or two words: "kill", "freeze".</param>
/// <param name="Role">To whom: "leader", "party", "server", "link".</param>
/// <param name="Phase">What the federation was really doing then, by its own events.</param>
/// <param name="Happened">What was seen, in facts.</param>
/// <param name="Ok">Whether facts say that what should happen did.</param>
/// <param name="Recovery">
/// From the fault (or, of one that is lifted again, from that moment) until a round was committed; null where there is nothing to time.
/// </param>
internal sealed record ChaosResult(string Fault, string Role, string Phase, string Happened, bool Ok, TimeSpan? Recovery = null)
{
    /// <summary>Why it was not tried here; null when it was. What was skipped is neither well nor ill.</summary>
    public string? Skipped { get; private init; }

    /// <summary>A fault that this machine cannot make.</summary>
    /// <param name="fault">Likewise.</param>
    /// <param name="role">Likewise.</param>
    /// <param name="needs">What it wants, such as "root, for network namespaces".</param>
    public static ChaosResult Skip(string fault, string role, string needs) =>
        new(fault, role, "-", $"skipped: needs {needs}", Ok: false) { Skipped = needs };
}
