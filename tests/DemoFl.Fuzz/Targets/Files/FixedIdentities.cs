using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Fuzz;

/// <summary>Keys and certificates of nobody, the same in every process: inputs that are made of them are, too.</summary>
internal static class FixedIdentities
{
    private const string NodeKey =
        "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgs8zAfZA7uNMqirj0oZXTRhkNZFypxlOkVdRgWBLah02hRANCAAT6sdxivp1vqr8ScuFHyvmI"
        + "nvZHv0k8lVGWFcKQk0C08YQ72Wl9Kw2/rAcm5crwStV9qfke1R4rLLe1KvO3VfBh";

    private const string OtherKey =
        "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDA947ctLv7qvA9U4wNKS0BgnB916MNzl8OctSz/f7rOpdLI4nBJFx3A7hXMcl8GXD+hZANiAARB"
        + "J7GfeIJOg7Hhm/rsCFzL48hIXfVX01gP1g76aECkh6QlQgu6s9VIGTC//PBmfm+JJN0Y9D/m7UXiVvNDz3SqUr6tJjPLhewFi6s2Jyo+38oWdc6K/4Y3fEWd"
        + "u/Hs+60=";

    private const string AuthorityCertificate =
        "MIIBbDCCAROgAwIBAgIQbmMcx4Iwj+nRYZM1IgRXTzAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDApmZWRlcmF0aW9uMB4XDTI5MTIzMDIzNTUwMFoXDTMwMTIz"
        + "MTAwMDAwMFowFTETMBEGA1UEAwwKZmVkZXJhdGlvbjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABK+Kxeh3+1iIo/qroVt/2pb4wEXOf77eLXfL1jwrFO4N"
        + "/4DYP3uMsdq93Apm3MQvL0LLal3UgSbjJjgZ+IL1ymGjRTBDMBIGA1UdEwEB/wQIMAYBAf8CAQAwDgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBR0A7dmPiIR"
        + "cUIWDSnVQfuANTvuyzAKBggqhkjOPQQDAgNHADBEAiB9Usj16oIUvPV0nVqcoOqx5mdjekySEjk27Daiv2ahwwIgeHTw5GJ/xTDm8OBjGvW4bgxTF5oJqMki"
        + "EiEDyXw4nfw=";

    private const string NodeCertificate =
        "MIIBuzCCAWKgAwIBAgIQYuvED1L1MV5axqBTWOTyADAKBggqhkjOPQQDAjAVMRMwEQYDVQQDDApmZWRlcmF0aW9uMB4XDTI5MTIzMDIzNTUwMFoXDTMwMDEz"
        + "MDAwMDAwMFowEDEOMAwGA1UEAwwFYWxpY2UwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAT6sdxivp1vqr8ScuFHyvmInvZHv0k8lVGWFcKQk0C08YQ72Wl9"
        + "Kw2/rAcm5crwStV9qfke1R4rLLe1KvO3VfBho4GYMIGVMCAGA1UdEQQZMBeGFXVybjpkZW1vZmw6bm9kZTphbGljZTAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB"
        + "/wQEAwIHgDATBgNVHSUEDDAKBggrBgEFBQcDAjAdBgNVHQ4EFgQUCJ5NA80bC2zWCHpXFYCSQgkDoKswHwYDVR0jBBgwFoAUdAO3Zj4iEXFCFg0p1UH7gDU7"
        + "7sswCgYIKoZIzj0EAwIDRwAwRAIgR8NE+3JZ2Mxv0jkL46RLOLPXg2f+9f+r2JRqdKdcSSoCIBLRImZAq6CF9I+XM2O300vF+CGQQHEWM64gT9VRBSaV";

    /// <summary>When the certificates are valid.</summary>
    public static readonly DateTimeOffset Now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>The key of the node alice.</summary>
    public static ECDsa Key { get; } = Imported(NodeKey);

    public static ReadOnlyMemory<byte> PublicKey { get; } = Key.ExportSubjectPublicKeyInfo();

    /// <summary>A key on a curve that is not ours.</summary>
    public static string OtherKeyPem => PemEncoding.WriteString("PRIVATE KEY", Convert.FromBase64String(OtherKey));

    public static X509Certificate2 Authority { get; } = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(AuthorityCertificate));

    /// <summary>For alice and her key.</summary>
    public static X509Certificate2 Node { get; } = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(NodeCertificate));

    private static ECDsa Imported(string pkcs8)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(pkcs8), out _);
        return key;
    }
}
