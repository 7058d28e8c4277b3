namespace DemoFl.Identity;

/// <summary>
/// Decides whether a key belongs to a name: the root of every promise against an active server. Implementations are thread-safe.
/// </summary>
public interface ITrustPolicy
{
    /// <summary>
    /// Whether the decisions rest on something that the server cannot forge: a roster or a federation key. If not, the promises hold
    /// only against servers that are honest but curious, and users must be told so.
    /// </summary>
    bool VouchesForKeys { get; }

    /// <summary>Judges a claim from an untrusted source whose maker has proven possession of the key.</summary>
    /// <param name="claim">The claim; malformed ones are refused, not thrown at.</param>
    /// <param name="now">The time at which certificates must be valid.</param>
    TrustDecision Judge(IdentityClaim claim, DateTimeOffset now);
}
