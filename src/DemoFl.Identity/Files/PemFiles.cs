using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace DemoFl.Identity;

/// <summary>
/// Certificates and private keys in PEM files (RFC 7468), a file each. Writes are atomic. Key files get mode 0600 and are refused when
/// others can read them (Unix). Every failure is an <see cref="IdentityFileException"/> that names the file and what to do. Thread-safe.
/// </summary>
public static class PemFiles
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaxFileSize = 64 * 1024;

    private const string PrivateKeyLabel = "PRIVATE KEY";
    private const string CertificateLabel = "CERTIFICATE";

    /// <summary>Saves a certificate without its private key, for everybody to read, replacing an older one.</summary>
    public static void SaveCertificate(string path, X509Certificate2 certificate) =>
        IdentityFile.Write(
            path, Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), IdentityFile.Everyone, overwrite: true);

    /// <summary>Saves the private key of a certificate to a new file with mode 0600. Never replaces a file.</summary>
    /// <exception cref="ArgumentException">The certificate has no ECDSA private key.</exception>
    public static void SavePrivateKey(string path, X509Certificate2 certificate)
    {
        using ECDsa key = certificate.GetECDsaPrivateKey()
            ?? throw new ArgumentException("The certificate has no ECDSA private key.", nameof(certificate));
        if (!TrySaveNewPrivateKey(path, key))
        {
            throw new IdentityFileException(path, "exists already and is not overwritten. Move it away first.");
        }
    }

    /// <summary>Loads the first certificate of a file, without a private key. The caller disposes it.</summary>
    public static X509Certificate2 LoadCertificate(string path)
    {
        string text = Encoding.ASCII.GetString(IdentityFile.Read(path, MaxFileSize));
        if (!PemEncoding.TryFind(text, out PemFields found) || !text.AsSpan()[found.Label].SequenceEqual(CertificateLabel))
        {
            throw new IdentityFileException(path, "does not begin with a PEM certificate. Is it the right file?");
        }

        try
        {
            return Decoded(X509CertificateLoader.LoadCertificate(Convert.FromBase64String(text[found.Base64Data])));
        }
        catch (CryptographicException cause)
        {
            throw new IdentityFileException(path, "holds a damaged certificate. Issue it again.", cause);
        }
    }

    /// <summary>The platform decodes a certificate piece by piece as it is asked; damage must show before somebody relies on it.</summary>
    private static X509Certificate2 Decoded(X509Certificate2 certificate)
    {
        try
        {
            _ = (certificate.NotBefore, certificate.NotAfter, certificate.PublicKey.ExportSubjectPublicKeyInfo());
            _ = (certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false), certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true));
            foreach (X509Extension extension in certificate.Extensions)
            {
                _ = extension switch
                {
                    X509EnhancedKeyUsageExtension usage => usage.EnhancedKeyUsages.Count,
                    X509BasicConstraintsExtension basic => basic.CertificateAuthority ? 1 : 0,
                    X509KeyUsageExtension usage => (int)usage.KeyUsages,
                    _ => 0,
                };
            }

            return certificate;
        }
        catch
        {
            certificate.Dispose();
            throw;
        }
    }

    /// <summary>Loads a certificate and its private key from their two files. The caller disposes the result.</summary>
    public static X509Certificate2 LoadCertificateWithKey(string certificatePath, string keyPath)
    {
        using X509Certificate2 certificate = LoadCertificate(certificatePath);
        using ECDsa key = LoadPrivateKey(keyPath);
        try
        {
            return certificate.CopyWithPrivateKey(key);
        }
        catch (ArgumentException cause)
        {
            throw new IdentityFileException(keyPath, $"is not the key of the certificate in '{certificatePath}'.", cause);
        }
    }

    /// <summary>Writes a PKCS#8 key with mode 0600 unless the file exists.</summary>
    internal static bool TrySaveNewPrivateKey(string path, ECDsa key)
    {
        byte[] pkcs8 = key.ExportPkcs8PrivateKey();
        char[] pem = PemEncoding.Write(PrivateKeyLabel, pkcs8);
        byte[] content = new byte[pem.Length + 1];
        try
        {
            Encoding.ASCII.GetBytes(pem, content);
            content[^1] = (byte)'\n';
            return IdentityFile.Write(path, content, IdentityFile.OwnerOnly, overwrite: false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
            CryptographicOperations.ZeroMemory(content);
            Array.Clear(pem);
        }
    }

    /// <summary>Loads an unencrypted PKCS#8 elliptic curve key of any curve.</summary>
    internal static ECDsa LoadPrivateKey(string path)
    {
        byte[] content = IdentityFile.Read(path, MaxFileSize, secret: true);
        char[] text = new char[content.Length];
        byte[] pkcs8 = new byte[content.Length];
        var key = ECDsa.Create();
        try
        {
            Encoding.Latin1.GetChars(content, text);
            if (!PemEncoding.TryFind(text, out PemFields found) || !text.AsSpan()[found.Label].SequenceEqual(PrivateKeyLabel))
            {
                throw new IdentityFileException(
                    path, "does not begin with an unencrypted PEM 'PRIVATE KEY' (PKCS#8). Is it the right file?");
            }

            Convert.TryFromBase64Chars(text.AsSpan()[found.Base64Data], pkcs8, out int written);
            key.ImportPkcs8PrivateKey(pkcs8.AsSpan(0, written), out _);
            return key;
        }
        catch (IdentityFileException)
        {
            key.Dispose();
            throw;
        }
        catch (Exception cause) when (cause is CryptographicException or PlatformNotSupportedException)
        {
            // The latter is of a curve that nobody knows.
            key.Dispose();
            // Without the cause: a parser's words about a private key do not belong in logs.
            throw new IdentityFileException(path, "holds a damaged private key, or one that is not for elliptic curves.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
            CryptographicOperations.ZeroMemory(pkcs8);
            Array.Clear(text);
        }
    }
}
