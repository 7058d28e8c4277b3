using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity;

/// <summary>
/// Issues the certificates of a federation (X.509 v3, ECDSA P-256 with SHA-256). The authority's key belongs to the federation's
/// owners; a server that held it could invent nodes. Stateless and thread-safe; the caller disposes the results.
/// </summary>
/// <remarks>
/// Certificates are valid from five minutes before <c>now</c>, but not before their authority, until <c>now</c> plus the lifetime.
/// </remarks>
public static class FederationAuthority
{
    /// <summary>The longest name of an authority, in characters: the bound of a common name (RFC 5280, appendix A.1).</summary>
    public const int MaxNameLength = 64;

    /// <summary>The most hosts in a server certificate.</summary>
    public const int MaxHosts = 64;

    private const int SerialNumberSize = 16;

    /// <summary>Makes a new authority: a self-signed certificate with its private key, which issues end certificates only.</summary>
    /// <param name="name">Shown to people, 1 to 64 characters.</param>
    /// <param name="lifetime">Positive.</param>
    /// <param name="now">The time of issue.</param>
    /// <exception cref="ArgumentException">The name or the lifetime is out of range.</exception>
    public static X509Certificate2 CreateAuthority(string name, TimeSpan lifetime, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > MaxNameLength)
        {
            throw new ArgumentException($"An authority's name has 1 to {MaxNameLength} characters.", nameof(name));
        }

        RequirePositive(lifetime);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(CommonName(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        using X509Certificate2 certificate = request.Create(
            request.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            now - CertificateProfile.ClockSkew,
            now + lifetime,
            NewSerialNumber());
        return certificate.CopyWithPrivateKey(key);
    }

    /// <summary>Certifies that a node's key belongs to its name: client authentication, URI urn:demofl:node:NAME.</summary>
    /// <param name="authority">The authority with its private key.</param>
    /// <param name="name">A <see cref="NodeName"/>.</param>
    /// <param name="nodePublicKey">The node's encoded key; the authority never sees the private one.</param>
    /// <param name="lifetime">Positive, and not past the authority's end.</param>
    /// <param name="now">The time of issue.</param>
    /// <exception cref="ArgumentException">An argument is out of range, or the authority cannot issue.</exception>
    public static X509Certificate2 IssueNode(
        X509Certificate2 authority, string name, ReadOnlyMemory<byte> nodePublicKey, TimeSpan lifetime, DateTimeOffset now)
    {
        if (!NodeName.IsValid(name))
        {
            throw new ArgumentException($"A node's name has {NodeName.Rule}.", nameof(name));
        }

        if (!IdentityPublicKey.IsValid(nodePublicKey.Span))
        {
            throw new ArgumentException("Not a P-256 public key in the accepted encoding.", nameof(nodePublicKey));
        }

        var publicKey = PublicKey.CreateFromSubjectPublicKeyInfo(nodePublicKey.Span, out _);
        var request = new CertificateRequest(CommonName(name), publicKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(CertificateProfile.NodeAlternativeName(name));
        return Issue(authority, request, CertificateProfile.ClientAuthentication, lifetime, now);
    }

    /// <summary>Makes a TLS key for a server and certifies it: server authentication, DNS names and IP addresses.</summary>
    /// <param name="authority">The authority with its private key.</param>
    /// <param name="hosts">1 to 64 DNS names or IP addresses under which clients reach the server; the first is the subject.</param>
    /// <param name="lifetime">Positive, and not past the authority's end.</param>
    /// <param name="now">The time of issue.</param>
    /// <returns>The certificate with its private key.</returns>
    /// <exception cref="ArgumentException">An argument is out of range, or the authority cannot issue.</exception>
    public static X509Certificate2 IssueServer(
        X509Certificate2 authority, IReadOnlyList<string> hosts, TimeSpan lifetime, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(ServerSubject(hosts), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(AlternativeNames(hosts));
        using X509Certificate2 certificate = Issue(authority, request, CertificateProfile.ServerAuthentication, lifetime, now);
        return certificate.CopyWithPrivateKey(key);
    }

    private static X509Certificate2 Issue(
        X509Certificate2 authority, CertificateRequest request, Oid purpose, TimeSpan lifetime, DateTimeOffset now)
    {
        RequireIssuer(authority);
        RequirePositive(lifetime);
        DateTimeOffset authorityStart = authority.NotBefore;
        DateTimeOffset authorityEnd = authority.NotAfter;
        if (now + lifetime > authorityEnd || now < authorityStart)
        {
            throw new ArgumentException(
                $"A certificate cannot reach beyond its authority, which is valid from {authorityStart:u} to {authorityEnd:u}.",
                nameof(lifetime));
        }

        DateTimeOffset start = now - CertificateProfile.ClockSkew;
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([purpose], false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        return request.Create(authority, start < authorityStart ? authorityStart : start, now + lifetime, NewSerialNumber());
    }

    private static X500DistinguishedName ServerSubject(IReadOnlyList<string> hosts)
    {
        if (hosts.Count is 0 or > MaxHosts)
        {
            throw new ArgumentException($"A server certificate has 1 to {MaxHosts} hosts, not {hosts.Count}.", nameof(hosts));
        }

        // A subject holds 64 characters; a longer DNS name stands in the alternative names only, where clients look.
        return CommonName(hosts[0].Length <= MaxNameLength ? hosts[0] : "demofl-server");
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (string host in hosts)
        {
            if (IPAddress.TryParse(host, out IPAddress? address))
            {
                names.AddIpAddress(address);
            }
            else if (Uri.CheckHostName(host) == UriHostNameType.Dns)
            {
                names.AddDnsName(host);
            }
            else
            {
                throw new ArgumentException($"'{host}' is neither a DNS name nor an IP address.", nameof(hosts));
            }
        }

        return names.Build();
    }

    private static X500DistinguishedName CommonName(string name)
    {
        var builder = new X500DistinguishedNameBuilder();
        builder.AddCommonName(name);
        return builder.Build();
    }

    private static void RequireIssuer(X509Certificate2 authority)
    {
        using ECDsa? key = authority.GetECDsaPrivateKey();
        if (key is null
            || !CertificateProfile.IsAuthority(authority)
            || !authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().Any())
        {
            throw new ArgumentException(
                "Issuing needs an authority's ECDSA certificate with a subject key identifier, and its private key.", nameof(authority));
        }
    }

    private static void RequirePositive(TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(lifetime), lifetime, "A certificate's lifetime is positive.");
        }
    }

    private static byte[] NewSerialNumber()
    {
        byte[] serialNumber = RandomNumberGenerator.GetBytes(SerialNumberSize);
        // Positive and not shorter than it seems (RFC 5280, section 4.1.2.2).
        serialNumber[0] = (byte)((serialNumber[0] & 0x7F) | 0x40);
        return serialNumber;
    }
}
