namespace DemoFl.Chaos.Scenarios.Network;

/// <summary>What was looked at and how it was found; all of it must be as it should. Not thread-safe.</summary>
internal sealed class Findings
{
    private readonly List<string> _facts = [];

    /// <summary>Whether everything that was required held.</summary>
    public bool AllHold { get; private set; } = true;

    /// <summary>A fact that is worth telling and decides nothing.</summary>
    public void Tell(string fact) => _facts.Add(fact);

    /// <summary>A fact in words, and whether it is as it should be.</summary>
    public void Require(bool holds, string fact)
    {
        _facts.Add(holds ? fact : $"UNEXPECTED: {fact}");
        AllHold &= holds;
    }

    public override string ToString() => string.Join("; ", _facts);
}
