using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity;

/// <summary>
/// Trusts the nodes whose certificates the federation's authority signed. Vouches for keys, provided that the server does not hold the
/// authority's private key. Nothing is fetched from the network, and there is no revocation: issue short-lived certificates.
/// </summary>
/// <remarks>
/// A node's certificate must chain directly to exactly this authority, be valid at the time, be for client authentication alone, carry
/// exactly the URI urn:demofl:node:NAME of the claimed name, and hold the claimed key.
/// </remarks>
public sealed class FederationTrust : ITrustPolicy
{
    /// <summary>The largest certificate that is looked at, in bytes of DER.</summary>
    public const int MaxCertificateSize = 8 * 1024;

    private const string AlternativeNameOid = "2.5.29.17";

    // Bytes and not a certificate object: nothing to dispose, nothing shared between threads, and no private key kept by accident.
    private readonly byte[] _authority;

    /// <param name="authority">The authority's self-signed certificate; its private key, if present, is not kept.</param>
    /// <exception cref="ArgumentException">The certificate is not an authority's.</exception>
    public FederationTrust(X509Certificate2 authority)
    {
        if (!CertificateProfile.IsAuthority(authority))
        {
            throw new ArgumentException(
                "This certificate may not sign others. Use the federation authority's, not a node's or a server's.", nameof(authority));
        }

        _authority = authority.RawData;
    }

    /// <summary>True.</summary>
    public bool VouchesForKeys => true;

    /// <inheritdoc/>
    public TrustDecision Judge(IdentityClaim claim, DateTimeOffset now)
    {
        if (ClaimForm.Refusal(claim) is { } malformed)
        {
            return malformed;
        }

        using X509Certificate2? certificate = TryRead(claim.Certificate.Span);
        if (certificate is null)
        {
            return new TrustDecision.Refused(claim.Certificate.IsEmpty
                ? $"'{claim.Name}' shows no certificate. Have the federation authority issue one."
                : $"The certificate of '{claim.Name}' is not a DER certificate of at most {MaxCertificateSize} bytes.");
        }

        return Decide($"'{claim.Name}'", () =>
            !CertificateProfile.IsOnlyFor(certificate, CertificateProfile.ClientAuthentication)
                ? "is not a node's: its extended key usage must be client authentication alone"
            : !HasNodeName(certificate, claim.Name)
                ? $"is for another name: its subject alternative name must be exactly {CertificateProfile.NodeUrn(claim.Name)}"
            : !certificate.PublicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(claim.PublicKey.Span)
                ? "is for another key than the claimed one"
            : ChainComplaint(certificate, CertificateProfile.ClientAuthentication, now));
    }

    /// <summary>Judges the TLS certificate of a server that the federation's authority issued.</summary>
    /// <param name="certificate">The certificate that the server presented.</param>
    /// <param name="host">The DNS name or IP address that the client connected to.</param>
    /// <param name="now">The time at which the certificate must be valid.</param>
    public TrustDecision JudgeServer(X509Certificate2 certificate, string host, DateTimeOffset now) =>
        Decide($"the server '{host}'", () =>
            !CertificateProfile.IsOnlyFor(certificate, CertificateProfile.ServerAuthentication)
                ? "is not a server's: its extended key usage must be server authentication alone"
            : !certificate.MatchesHostname(host, allowWildcards: false, allowCommonName: false)
                ? "is for another host"
            : ChainComplaint(certificate, CertificateProfile.ServerAuthentication, now));

    private static TrustDecision Decide(string owner, Func<string?> complaintOf)
    {
        string? complaint;
        try
        {
            complaint = complaintOf();
        }
        catch (CryptographicException)
        {
            // The platform decodes a certificate piece by piece as it is asked, so damage shows up late.
            complaint = "is malformed";
        }

        return complaint is null
            ? new TrustDecision.Trusted("certified by the federation authority")
            : new TrustDecision.Refused($"The certificate of {owner} {complaint}.");
    }

    private static X509Certificate2? TryRead(ReadOnlySpan<byte> der)
    {
        if (der.IsEmpty || der.Length > MaxCertificateSize)
        {
            return null;
        }

        try
        {
            X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(der);
            if (certificate.RawDataMemory.Span.SequenceEqual(der))
            {
                return certificate;
            }

            certificate.Dispose();
        }
        catch (CryptographicException)
        {
            // Not a certificate; said below.
        }

        return null;
    }

    private static bool HasNodeName(X509Certificate2 certificate, string name)
    {
        X509Extension[] names = [.. certificate.Extensions.Where(extension => extension.Oid?.Value == AlternativeNameOid)];
        // One encoding is possible under DER, so comparing bytes is exact and needs no parser.
        return names.Length == 1 && names[0].RawData.AsSpan().SequenceEqual(CertificateProfile.NodeAlternativeName(name).RawData);
    }

    private string? ChainComplaint(X509Certificate2 certificate, Oid purpose, DateTimeOffset now)
    {
        if (CertificateProfile.IsAuthority(certificate))
        {
            return "is an authority's";
        }

        // The chain judges validity too; asking first lets the answer say which end was missed.
        if (now < certificate.NotBefore)
        {
            return $"is not valid before {certificate.NotBefore.ToUniversalTime():u}. Check the clocks";
        }

        if (now > certificate.NotAfter)
        {
            return $"expired at {certificate.NotAfter.ToUniversalTime():u}. Have the federation authority issue a new one";
        }

        using X509Certificate2 authority = X509CertificateLoader.LoadCertificate(_authority);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = now.UtcDateTime;
        chain.ChainPolicy.ApplicationPolicy.Add(purpose);
        // Exactly two: an intermediate that this machine happens to have installed must not lengthen the chain.
        bool valid = chain.Build(certificate)
            && chain.ChainElements.Count == 2
            && chain.ChainElements[1].Certificate.RawDataMemory.Span.SequenceEqual(_authority);
        X509ChainStatusFlags flags = chain.ChainStatus.Aggregate(X509ChainStatusFlags.NoError, (all, one) => all | one.Status);
        foreach (X509ChainElement element in chain.ChainElements)
        {
            element.Certificate.Dispose();
        }

        return valid ? null : $"does not chain directly to the federation authority ({flags})";
    }
}
