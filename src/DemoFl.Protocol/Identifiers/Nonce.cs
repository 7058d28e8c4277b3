namespace DemoFl.Protocol;

/// <summary>
/// The 32 fresh random bytes from which, with a pair's chain key, the masks of one party in one round are derived.
/// Known to the party and to the leaders it announced to; everybody else sees its <see cref="Hash"/>.
/// </summary>
public readonly record struct Nonce(Hash256 Value)
{
    /// <summary>SHA-256 of the nonce: what a vector carries and what H(B) covers.</summary>
    public Hash256 Hash => Hash256.Of(Value.ToArray());

    /// <summary>Never the value.</summary>
    public override string ToString() => "nonce";
}
