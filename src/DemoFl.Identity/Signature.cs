using System.Security.Cryptography;

namespace DemoFl.Identity;

/// <summary>
/// ECDSA P-256 signatures over SHA-256 (FIPS 186-5), 64 bytes r || s (IEEE P1363). Thread-safe. ECDSA signatures are not unique: who
/// sees one can make a second valid one for the same statement. Compare and hash statements, never signatures.
/// </summary>
public static class Signature
{
    /// <summary>The size of a signature, in bytes.</summary>
    public const int Size = 64;

    /// <summary>Whether the owner of the key signed exactly this statement for exactly this domain.</summary>
    /// <param name="publicKey">The encoded key (<see cref="IdentityPublicKey"/>), from an untrusted source.</param>
    /// <param name="domain">The purpose, as given to <see cref="IdentityKey.Sign"/>.</param>
    /// <param name="statement">The canonical bytes of the statement.</param>
    /// <param name="signature">The signature, from an untrusted source.</param>
    /// <returns>False for a wrong signature and for any malformed input. Never throws.</returns>
    public static bool Verify(
        ReadOnlySpan<byte> publicKey, string domain, ReadOnlySpan<byte> statement, ReadOnlySpan<byte> signature)
    {
        if (signature.Length != Size || !SignedStatement.IsDomain(domain))
        {
            return false;
        }

        using ECDsa? key = IdentityPublicKey.TryImport(publicKey);
        if (key is null)
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SignedStatement.Hash(domain, statement, hash);
        try
        {
            return key.VerifyHash(hash, signature);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
