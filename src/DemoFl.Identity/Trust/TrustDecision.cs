namespace DemoFl.Identity;

/// <summary>What a trust policy decided. Both texts are for people, hold nothing secret, and are safe to log.</summary>
public abstract record TrustDecision
{
    private TrustDecision()
    {
    }

    /// <summary>The key belongs to the name.</summary>
    /// <param name="Basis">Why it is believed, such as "listed in the roster".</param>
    public sealed record Trusted(string Basis) : TrustDecision;

    /// <summary>The claim is not believed.</summary>
    /// <param name="Reason">What was wrong and what to do.</param>
    public sealed record Refused(string Reason) : TrustDecision;
}
