namespace DemoFl.Identity;

/// <summary>
/// What somebody claims to be. Judge a claim only after its maker has proven possession of the key by signing a challenge: a policy
/// says whose key it is, not who is talking.
/// </summary>
/// <param name="Name">The claimed name, from an untrusted source; policies refuse names that <see cref="NodeName"/> does not allow.</param>
/// <param name="PublicKey">The encoded key (<see cref="IdentityPublicKey"/>).</param>
/// <param name="Certificate">A DER certificate of at most <see cref="FederationTrust.MaxCertificateSize"/> bytes, or empty.</param>
public sealed record IdentityClaim(string Name, ReadOnlyMemory<byte> PublicKey, ReadOnlyMemory<byte> Certificate)
{
    /// <summary>Equality of contents, not of the memory they lie in.</summary>
    public bool Equals(IdentityClaim? other) =>
        other is not null
        && Name == other.Name
        && PublicKey.Span.SequenceEqual(other.PublicKey.Span)
        && Certificate.Span.SequenceEqual(other.Certificate.Span);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name);
        hash.AddBytes(PublicKey.Span);
        return hash.ToHashCode();
    }

    /// <summary>The claimed name, if it is one: a hostile name must not reach a log.</summary>
    public override string ToString() => NodeName.IsValid(Name) ? $"IdentityClaim({Name})" : "IdentityClaim(malformed name)";
}
