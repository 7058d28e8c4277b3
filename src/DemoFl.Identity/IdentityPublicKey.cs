using System.Security.Cryptography;

namespace DemoFl.Identity;

/// <summary>
/// The one accepted encoding of a public key: the 91-byte DER SubjectPublicKeyInfo of an uncompressed point on P-256, named curve
/// (RFC 5480). Other encodings of the same key are refused: an id is the hash of the encoding, and one key must not have two ids.
/// </summary>
public static class IdentityPublicKey
{
    /// <summary>The size of an encoded public key, in bytes.</summary>
    public const int Size = 91;

    /// <summary>The size of an id, in bytes.</summary>
    public const int IdSize = SHA256.HashSizeInBytes;

    // SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING { 0x04, X, Y } } up to and including the 0x04.
    private static ReadOnlySpan<byte> Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01,
        0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ];

    /// <summary>Whether the bytes are a public key in the accepted encoding, with its point on the curve. Never throws.</summary>
    public static bool IsValid(ReadOnlySpan<byte> publicKey)
    {
        using ECDsa? key = TryImport(publicKey);
        return key is not null;
    }

    /// <summary>The id of a key: the SHA-256 of its encoding, 32 bytes.</summary>
    /// <exception cref="ArgumentException">The bytes cannot be a public key in the accepted encoding.</exception>
    public static byte[] IdOf(ReadOnlySpan<byte> publicKey) => IsEncoded(publicKey)
        ? SHA256.HashData(publicKey)
        : throw new ArgumentException("Not a P-256 public key in the accepted encoding.", nameof(publicKey));

    /// <summary>Imports a key from an untrusted source, or returns null.</summary>
    internal static ECDsa? TryImport(ReadOnlySpan<byte> publicKey)
    {
        if (!IsEncoded(publicKey))
        {
            return null;
        }

        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(publicKey, out _);
            return key;
        }
        catch (CryptographicException)
        {
            key.Dispose();
            return null;
        }
    }

    private static bool IsEncoded(ReadOnlySpan<byte> publicKey) => publicKey.Length == Size && publicKey.StartsWith(Prefix);
}
