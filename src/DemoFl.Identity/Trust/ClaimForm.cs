namespace DemoFl.Identity;

/// <summary>What every policy checks before it looks at anything else.</summary>
internal static class ClaimForm
{
    /// <summary>Returns why the claim is malformed, or null. The name is not quoted: until it is valid it may hold anything.</summary>
    public static TrustDecision.Refused? Refusal(IdentityClaim claim) =>
        !NodeName.IsValid(claim.Name) ? new($"The claimed name is not a node name: it needs {NodeName.Rule}.")
        : !IdentityPublicKey.IsValid(claim.PublicKey.Span) ? new($"The key of '{claim.Name}' is not a P-256 key in the accepted encoding.")
        : null;

    /// <summary>The claim as people read it. The claim must be well-formed.</summary>
    public static string Describe(string name, ReadOnlyMemory<byte> publicKey) =>
        ShortId.Of(name, IdentityPublicKey.IdOf(publicKey.Span));
}
