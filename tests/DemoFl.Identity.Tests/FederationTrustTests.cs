using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity.Tests;

public sealed class FederationTrustTests : IDisposable
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    private readonly X509Certificate2 _authority = FederationAuthority.CreateAuthority("Test federation", 10 * Year, Samples.Now);
    private readonly byte[] _alice = Samples.NewPublicKey();

    public void Dispose() => _authority.Dispose();

    [Fact]
    public void Judge_IssuedCertificate_IsTrusted()
    {
        var trust = new FederationTrust(_authority);
        Assert.True(trust.VouchesForKeys);
        foreach (string name in (string[])["alice", "a..b", "hospital-3.berlin_west", "0", new string('z', 63)])
        {
            byte[] certificate = IssueNode(_authority, name, _alice);
            TrustDecision decision = trust.Judge(Samples.Claim(name, _alice, certificate), Samples.Now);
            Assert.Equal("certified by the federation authority", Samples.Basis(decision));
        }
    }

    [Fact]
    public void Judge_OtherAuthorityOfTheSameName_IsRefused()
    {
        using X509Certificate2 impostor = FederationAuthority.CreateAuthority("Test federation", 10 * Year, Samples.Now);
        Assert.Contains("does not chain directly", Refusal("alice", _alice, IssueNode(impostor, "alice", _alice)));
    }

    [Fact]
    public void Judge_AlteredCertificate_IsRefused()
    {
        byte[] certificate = IssueNode(_authority, "alice", _alice);
        for (int index = 0; index < certificate.Length; index++)
        {
            foreach (byte mask in (byte[])[0x01, 0x80, 0xFF])
            {
                byte[] altered = [.. certificate];
                altered[index] ^= mask;
                Assert.NotEmpty(Refusal("alice", _alice, altered));
            }
        }
    }

    [Fact]
    public void Judge_ExpiredOrNotYetValid_IsRefusedAndSaysWhen()
    {
        byte[] certificate = IssueNode(_authority, "alice", _alice);
        Assert.Contains("expired at 2027-03-01", Refusal("alice", _alice, certificate, Samples.Now + Year + TimeSpan.FromSeconds(1)));
        Assert.Contains("not valid before 2026-03-01", Refusal("alice", _alice, certificate, Samples.Now - TimeSpan.FromMinutes(6)));
        var trust = new FederationTrust(_authority);
        Samples.Basis(trust.Judge(Samples.Claim("alice", _alice, certificate), Samples.Now - TimeSpan.FromMinutes(4)));
        Samples.Basis(trust.Judge(Samples.Claim("alice", _alice, certificate), Samples.Now + Year - TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void Judge_AuthorityExpired_IsRefusedThoughTheNodeIsNot()
    {
        // The issuing call would not sign past the authority's end; a careless tool would.
        using X509Certificate2 shortLived = FederationAuthority.CreateAuthority("Short", TimeSpan.FromDays(1), Samples.Now);
        byte[] certificate = Forge(shortLived, request => request, Samples.Now, Samples.Now + Year);
        var trust = new FederationTrust(shortLived);
        Samples.Basis(trust.Judge(Samples.Claim("alice", _alice, certificate), Samples.Now));
        Samples.Reason(trust.Judge(Samples.Claim("alice", _alice, certificate), Samples.Now + TimeSpan.FromDays(2)));
    }

    [Fact]
    public void Judge_OtherNameOrOtherKey_IsRefused()
    {
        byte[] certificate = IssueNode(_authority, "alice", _alice);
        Assert.Contains("another name", Refusal("bob", _alice, certificate));
        Assert.Contains("another key", Refusal("alice", Samples.NewPublicKey(), certificate));
    }

    [Fact]
    public void Judge_ServerCertificate_IsRefusedAsANode()
    {
        using X509Certificate2 server = FederationAuthority.IssueServer(_authority, ["alice"], Year, Samples.Now);
        byte[] publicKey = server.PublicKey.ExportSubjectPublicKeyInfo();
        Assert.Contains("extended key usage", Refusal("alice", publicKey, server.RawData));
    }

    [Theory]
    [InlineData("1.3.6.1.5.5.7.3.1")]
    [InlineData("1.3.6.1.5.5.7.3.1 1.3.6.1.5.5.7.3.2")]
    [InlineData("2.5.29.37.0")]
    [InlineData("")]
    public void Judge_OtherExtendedKeyUsage_IsRefused(string usages)
    {
        byte[] certificate = Forge(_authority, request => request, Samples.Now, Samples.Now + Year, usages);
        Assert.Contains("extended key usage", Refusal("alice", _alice, certificate));
    }

    [Fact]
    public void Judge_AdditionalAlternativeName_IsRefused()
    {
        var names = new SubjectAlternativeNameBuilder();
        names.AddUri(new Uri("urn:demofl:node:alice"));
        names.AddUri(new Uri("urn:demofl:node:bob"));
        byte[] certificate = Forge(_authority, request => request, Samples.Now, Samples.Now + Year, names: names.Build());
        Assert.Contains("another name", Refusal("alice", _alice, certificate));
        Assert.Contains("another name", Refusal("bob", _alice, certificate));
    }

    [Fact]
    public void Judge_SubAuthorityOrItsNode_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] publicKey = key.ExportSubjectPublicKeyInfo();
        byte[] certificate = Forge(_authority, AsAuthority, Samples.Now, Samples.Now + Year, publicKey: publicKey);
        Assert.Contains("an authority's", Refusal("alice", publicKey, certificate));

        using X509Certificate2 publicPart = X509CertificateLoader.LoadCertificate(certificate);
        using X509Certificate2 subAuthority = publicPart.CopyWithPrivateKey(key);
        byte[] below = IssueNode(subAuthority, "alice", _alice, Samples.Now + TimeSpan.FromMinutes(10));
        Assert.Contains("does not chain directly", Refusal("alice", _alice, below, Samples.Now + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Judge_SelfSignedNode_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=alice", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(CertificateProfile.NodeAlternativeName("alice"));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([CertificateProfile.ClientAuthentication], false));
        using X509Certificate2 certificate = request.CreateSelfSigned(Samples.Now, Samples.Now + Year);
        Assert.Contains("does not chain directly", Refusal("alice", key.ExportSubjectPublicKeyInfo(), certificate.RawData));
    }

    [Fact]
    public void Judge_NoOrMalformedCertificate_IsRefused()
    {
        byte[] certificate = IssueNode(_authority, "alice", _alice);
        byte[] pem = System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("CERTIFICATE", certificate));
        Assert.Contains("shows no certificate", Refusal("alice", _alice, []));
        byte[] oversized = new byte[FederationTrust.MaxCertificateSize + 1];
        foreach (byte[] malformed in (byte[][])[[0], certificate[..^1], [.. certificate, 0], pem, oversized])
        {
            Assert.Contains("is not a DER certificate", Refusal("alice", _alice, malformed));
        }
    }

    [Fact]
    public void JudgeServer_HostAndPurpose_AreChecked()
    {
        var trust = new FederationTrust(_authority);
        string[] hosts = ["relay.example.org", "127.0.0.1", "::1"];
        using X509Certificate2 server = FederationAuthority.IssueServer(_authority, hosts, Year, Samples.Now);
        foreach (string host in hosts)
        {
            Samples.Basis(trust.JudgeServer(server, host, Samples.Now));
        }

        Assert.Contains("another host", Samples.Reason(trust.JudgeServer(server, "other.example.org", Samples.Now)));
        Assert.Contains("expired", Samples.Reason(trust.JudgeServer(server, "127.0.0.1", Samples.Now + (2 * Year))));
        using X509Certificate2 node = FederationAuthority.IssueNode(_authority, "alice", _alice, Year, Samples.Now);
        Assert.Contains("extended key usage", Samples.Reason(trust.JudgeServer(node, "alice", Samples.Now)));
        using X509Certificate2 impostor = FederationAuthority.CreateAuthority("Test federation", Year, Samples.Now);
        using X509Certificate2 fake = FederationAuthority.IssueServer(impostor, ["127.0.0.1"], TimeSpan.FromDays(1), Samples.Now);
        Assert.Contains("does not chain directly", Samples.Reason(trust.JudgeServer(fake, "127.0.0.1", Samples.Now)));
    }

    [Fact]
    public void FederationTrust_OfANodeCertificate_Throws()
    {
        using X509Certificate2 node = FederationAuthority.IssueNode(_authority, "alice", _alice, Year, Samples.Now);
        Assert.Throws<ArgumentException>("authority", () => new FederationTrust(node));
    }

    private static byte[] IssueNode(X509Certificate2 authority, string name, byte[] publicKey, DateTimeOffset? now = null)
    {
        // Issued later, a certificate must still end before a year-long authority does.
        TimeSpan lifetime = now is null ? Year : TimeSpan.FromDays(30);
        using X509Certificate2 certificate = FederationAuthority.IssueNode(authority, name, publicKey, lifetime, now ?? Samples.Now);
        return certificate.RawData;
    }

    private static CertificateRequest AsAuthority(CertificateRequest request)
    {
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        return request;
    }

    private string Refusal(string name, byte[] publicKey, byte[] certificate, DateTimeOffset? now = null) =>
        Samples.Reason(new FederationTrust(_authority).Judge(Samples.Claim(name, publicKey, certificate), now ?? Samples.Now));

    /// <summary>Signs what <see cref="FederationAuthority"/> would not.</summary>
    private byte[] Forge(
        X509Certificate2 authority,
        Func<CertificateRequest, CertificateRequest> change,
        DateTimeOffset from,
        DateTimeOffset until,
        string usages = "1.3.6.1.5.5.7.3.2",
        X509Extension? names = null,
        byte[]? publicKey = null)
    {
        var subjectKey = PublicKey.CreateFromSubjectPublicKeyInfo(publicKey ?? _alice, out _);
        var request = new CertificateRequest(new X500DistinguishedName("CN=alice"), subjectKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names ?? CertificateProfile.NodeAlternativeName("alice"));
        OidCollection purposes = [];
        foreach (string usage in usages.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            purposes.Add(new Oid(usage));
        }

        if (purposes.Count > 0)
        {
            request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, false));
        }

        using ECDsa key = authority.GetECDsaPrivateKey()!;
        using X509Certificate2 certificate = change(request).Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(key), from, until, [1, 2, 3, 4]);
        return certificate.RawData;
    }
}
