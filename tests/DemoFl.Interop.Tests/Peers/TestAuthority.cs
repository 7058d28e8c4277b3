using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Interop.Tests.Peers;

/// <summary>
/// A certificate authority for one test run, with a server (127.0.0.1), a client (alice.test), and a stranger whom another authority
/// vouches for. All of it also as PEM files for peers: ca, server, client, stranger, other-ca, each .pem, keys .key.
/// </summary>
public sealed class TestAuthority : IDisposable
{
    private static readonly X509BasicConstraintsExtension MayIssue = new(true, false, 0, true);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("interop-tls-");

    public TestAuthority()
    {
        Root = CreateRoot("ca");
        using var other = CreateRoot("other-ca");
        Server = Issue(Root, "server", names => names.AddIpAddress(System.Net.IPAddress.Loopback));
        Client = Issue(Root, "client", names => names.AddDnsName("alice.test"));
        Stranger = Issue(other, "stranger", names => names.AddDnsName("alice.test"));
    }

    public X509Certificate2 Root { get; }

    public X509Certificate2 Server { get; }

    public X509Certificate2 Client { get; }

    public X509Certificate2 Stranger { get; }

    /// <summary>Where the files are.</summary>
    public string Folder => _folder.FullName;

    /// <summary>What trusts this authority and no other.</summary>
    public X509ChainPolicy CreatePolicy() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { Root },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public void Dispose()
    {
        foreach (var certificate in new[] { Root, Server, Client, Stranger })
            certificate.Dispose();
        _folder.Delete(recursive: true);
    }

    private X509Certificate2 CreateRoot(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CreateRequest(name, key);
        request.CertificateExtensions.Add(MayIssue);
        var root = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(2));
        File.WriteAllText(Path.Combine(Folder, $"{name}.pem"), root.ExportCertificatePem());
        return root;
    }

    private X509Certificate2 Issue(X509Certificate2 issuer, string name, Action<SubjectAlternativeNameBuilder> addNames)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = CreateRequest(name, key);
        var names = new SubjectAlternativeNameBuilder();
        addNames(names);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(
            issuer, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1), RandomNumberGenerator.GetBytes(8));
        var (pem, keyPem) = (certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(Folder, $"{name}.pem"), pem);
        File.WriteAllText(Path.Combine(Folder, $"{name}.key"), keyPem);
        return X509Certificate2.CreateFromPem(pem, keyPem);
    }

    private static CertificateRequest CreateRequest(string name, ECDsa key) => new($"CN={name}", key, HashAlgorithmName.SHA256);
}
