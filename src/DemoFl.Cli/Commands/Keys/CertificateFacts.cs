using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using DemoFl.Identity;

namespace DemoFl.Cli.Commands;

/// <summary>What a certificate says: for whom, for what, how long, and the id of its key.</summary>
internal sealed class CertificateFacts(X509Certificate2 certificate, DateTimeOffset now)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public string Kind =>
        Signs ? "authority certificate"
        : Serves(ClientAuthentication) ? "node certificate"
        : Serves(ServerAuthentication) ? "server certificate"
        : "certificate";

    public string Subject => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false);

    public string Issuer => certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true);

    public string Fingerprint => certificate.GetCertHashString(HashAlgorithmName.SHA256).ToLowerInvariant();

    /// <summary>The id of the certified key, or null for a key that is not P-256.</summary>
    public byte[]? Id
    {
        get
        {
            var key = certificate.PublicKey.ExportSubjectPublicKeyInfo();
            return IdentityPublicKey.IsValid(key) ? IdentityPublicKey.IdOf(key) : null;
        }
    }

    public string Validity =>
        now < certificate.NotBefore ? "not valid yet"
        : now > certificate.NotAfter ? "expired"
        : $"valid for {(int)(certificate.NotAfter - now).TotalDays} more days";

    /// <summary>A time as certificates are shown: UTC, ISO 8601.</summary>
    public static string Time(DateTime time) => time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    public JsonObject Json() => new()
    {
        ["kind"] = Kind, ["subject"] = Subject, ["issuer"] = Issuer, ["id"] = Id is { } id ? Convert.ToHexStringLower(id) : null,
        ["shortId"] = Id is { } shortId ? ShortId.Of(Subject, shortId) : null, ["notBefore"] = Time(certificate.NotBefore),
        ["notAfter"] = Time(certificate.NotAfter), ["validity"] = Validity, ["sha256"] = Fingerprint,
    };

    private bool Signs => certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(basic => basic.CertificateAuthority);

    private bool Serves(string purpose) => certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()
        .Any(usage => usage.EnhancedKeyUsages.Cast<Oid>().Any(oid => oid.Value == purpose));
}
