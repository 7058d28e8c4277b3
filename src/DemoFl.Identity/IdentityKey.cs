using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity;

/// <summary>
/// The identity of a node or of a server: an ECDSA P-256 key. Its id is the SHA-256 of the encoded public key. On disk it is a
/// PKCS#8 PEM file that only its owner may read. Thread-safe, except that nobody may use a key that is being disposed.
/// </summary>
public sealed class IdentityKey : IDisposable
{
    private readonly Lock _gate = new();
    private readonly ECDsa _key;
    private readonly byte[] _publicKey;
    private readonly byte[] _id;

    private IdentityKey(ECDsa key)
    {
        _key = key;
        _publicKey = key.ExportSubjectPublicKeyInfo();
        _id = IdentityPublicKey.IdOf(_publicKey);
    }

    /// <summary>The encoded public key, 91 bytes (<see cref="IdentityPublicKey"/>).</summary>
    public ReadOnlyMemory<byte> PublicKey => _publicKey;

    /// <summary>The SHA-256 of <see cref="PublicKey"/>, 32 bytes.</summary>
    public ReadOnlyMemory<byte> Id => _id;

    /// <summary>Makes a new random identity, in memory only.</summary>
    public static IdentityKey Create() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256));

    /// <summary>Loads the key file, or makes a new identity and saves it when there is none. Processes that race get one key.</summary>
    /// <exception cref="IdentityFileException">As for <see cref="Load"/> and <see cref="Save"/>.</exception>
    public static IdentityKey LoadOrCreate(string path)
    {
        if (File.Exists(path))
        {
            return Load(path);
        }

        IdentityKey created = Create();
        try
        {
            if (created.TrySave(path))
            {
                return created;
            }
        }
        catch
        {
            created.Dispose();
            throw;
        }

        created.Dispose();
        return Load(path);
    }

    /// <summary>Loads an identity from its key file.</summary>
    /// <exception cref="IdentityFileException">
    /// The file is missing, readable by others (Unix), or holds no unencrypted P-256 private key; the message says what to do.
    /// </exception>
    public static IdentityKey Load(string path)
    {
        ECDsa key = PemFiles.LoadPrivateKey(path);
        try
        {
            return new IdentityKey(key);
        }
        catch (ArgumentException)
        {
            key.Dispose();
            throw new IdentityFileException(path, "holds a key on another curve than P-256. Use a key that DemoFl created.");
        }
    }

    /// <summary>Saves the identity to a new file with mode 0600. Never replaces a file: a lost identity cannot be made again.</summary>
    /// <exception cref="IdentityFileException">The file exists, or cannot be written.</exception>
    public void Save(string path)
    {
        if (!TrySave(path))
        {
            throw new IdentityFileException(path, "exists already and is not overwritten. Move it away first.");
        }
    }

    /// <summary>Signs a statement for a purpose.</summary>
    /// <param name="domain">
    /// The purpose, such as "offer": 1 to 64 characters out of a-z, A-Z, 0-9, '-', '.', '_', '/'. A signature holds for no other.
    /// </param>
    /// <param name="statement">The canonical bytes of the statement, of any length.</param>
    /// <returns>64 bytes, r || s (IEEE P1363). Two signatures of one statement differ.</returns>
    /// <exception cref="ArgumentException">The domain is malformed.</exception>
    public byte[] Sign(string domain, ReadOnlySpan<byte> statement)
    {
        if (!SignedStatement.IsDomain(domain))
        {
            throw new ArgumentException(SignedStatement.DomainRule, nameof(domain));
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SignedStatement.Hash(domain, statement, hash);
        lock (_gate)
        {
            return _key.SignHash(hash);
        }
    }

    /// <summary>Joins a certificate for this key with the private key, as a TLS client certificate. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">The certificate is for another key.</exception>
    public X509Certificate2 Bind(X509Certificate2 certificate)
    {
        lock (_gate)
        {
            return certificate.CopyWithPrivateKey(_key);
        }
    }

    /// <summary>Erases the private key from memory.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _key.Dispose();
        }
    }

    /// <summary>The first hex digits of the id; nothing secret.</summary>
    public override string ToString() => ShortId.Of("IdentityKey", _id);

    private bool TrySave(string path)
    {
        lock (_gate)
        {
            return PemFiles.TrySaveNewPrivateKey(path, _key);
        }
    }
}
