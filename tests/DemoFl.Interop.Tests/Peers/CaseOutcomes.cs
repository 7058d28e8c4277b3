namespace DemoFl.Interop.Tests.Peers;

/// <summary>What a peer's client found when it ran its cases: for each null, or what went wrong.</summary>
public sealed class CaseOutcomes(IReadOnlyDictionary<string, string?> failures)
{
    /// <summary>Fails unless the case was run and held.</summary>
    public void AssertHeld(string name)
    {
        Assert.True(failures.TryGetValue(name, out var failure), $"The client has no case '{name}'.");
        Assert.True(failure is null, failure);
    }
}
