namespace DemoFl.Identity;

/// <summary>Trusts exactly the nodes of a roster. Vouches for keys: the server cannot add to a roster that the owners hold.</summary>
public sealed class RosterTrust : ITrustPolicy
{
    /// <param name="roster">Who belongs.</param>
    public RosterTrust(Roster roster) => Roster = roster;

    /// <summary>Who belongs.</summary>
    public Roster Roster { get; }

    /// <summary>True.</summary>
    public bool VouchesForKeys => true;

    /// <inheritdoc/>
    public TrustDecision Judge(IdentityClaim claim, DateTimeOffset now)
    {
        if (ClaimForm.Refusal(claim) is { } malformed)
        {
            return malformed;
        }

        string claimed = ClaimForm.Describe(claim.Name, claim.PublicKey);
        return Roster.Find(claim.Name) switch
        {
            null => new TrustDecision.Refused($"'{claimed}' is not in the roster. Add its line to the roster if it belongs."),
            { IsServer: true } => new TrustDecision.Refused($"The roster lists '{claim.Name}' as a server, not as a node."),
            { } entry when !entry.PublicKey.Span.SequenceEqual(claim.PublicKey.Span) => new TrustDecision.Refused(
                $"The roster lists '{ClaimForm.Describe(entry.Name, entry.PublicKey)}', and '{claimed}' has another key."),
            _ => new TrustDecision.Trusted("listed in the roster"),
        };
    }
}
