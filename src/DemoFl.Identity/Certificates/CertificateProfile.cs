using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity;

/// <summary>What DemoFl puts into certificates and expects in them (RFC 5280), in one place for issuing and for judging.</summary>
internal static class CertificateProfile
{
    /// <summary>Certificates are valid from this long before they are issued, for clocks that run behind.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    public static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");
    public static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");

    /// <summary>The subject alternative name of a node: exactly one URI, urn:demofl:node:NAME.</summary>
    public static X509Extension NodeAlternativeName(string name)
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri(NodeUrn(name)));
        return names.Build();
    }

    public static string NodeUrn(string name) => $"urn:demofl:node:{name}";

    /// <summary>Whether the certificate is for this one purpose and no other.</summary>
    public static bool IsOnlyFor(X509Certificate2 certificate, Oid purpose)
    {
        X509EnhancedKeyUsageExtension[] usages = [.. certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()];
        return usages.Length == 1
            && usages[0].EnhancedKeyUsages.Count == 1
            && usages[0].EnhancedKeyUsages[0].Value == purpose.Value;
    }

    /// <summary>Whether the certificate may sign other certificates.</summary>
    public static bool IsAuthority(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
}
