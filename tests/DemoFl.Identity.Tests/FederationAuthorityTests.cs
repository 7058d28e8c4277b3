using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity.Tests;

public sealed class FederationAuthorityTests
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    [Fact]
    public void CreateAuthority_Certificate_IsP256ForEndCertificatesOnly()
    {
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("Hospitals, \"north\" = O=x", Year, Samples.Now);
        Assert.True(authority.HasPrivateKey);
        Assert.Equal("Hospitals, \"north\" = O=x", authority.GetNameInfo(X509NameType.SimpleName, forIssuer: false));
        X509BasicConstraintsExtension constraints = authority.Extensions.OfType<X509BasicConstraintsExtension>().Single();
        Assert.True(constraints is { CertificateAuthority: true, HasPathLengthConstraint: true, PathLengthConstraint: 0, Critical: true });
        Assert.Equal(
            X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign,
            authority.Extensions.OfType<X509KeyUsageExtension>().Single().KeyUsages);
        using ECDsa key = authority.GetECDsaPublicKey()!;
        Assert.Equal(256, key.KeySize);
        Assert.Equal(Samples.Now + Year, new DateTimeOffset(authority.NotAfter));
    }

    [Fact]
    public void IssueNode_Certificate_HoldsTheNodesKeyAndIsForClients()
    {
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("F", Year, Samples.Now);
        using IdentityKey alice = IdentityKey.Create();
        using X509Certificate2 node = FederationAuthority.IssueNode(authority, "alice", alice.PublicKey, Year, Samples.Now);
        Assert.False(node.HasPrivateKey);
        Assert.Equal(alice.PublicKey.ToArray(), node.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.True(CertificateProfile.IsOnlyFor(node, CertificateProfile.ClientAuthentication));
        using X509Certificate2 bound = alice.Bind(node);
        Assert.True(bound.HasPrivateKey);
        using IdentityKey bob = IdentityKey.Create();
        Assert.Throws<ArgumentException>(() => bob.Bind(node));
    }

    [Fact]
    public void Issue_Twice_GivesDistinctPositiveSerialNumbers()
    {
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("F", Year, Samples.Now);
        byte[] key = Samples.NewPublicKey();
        string[] serialNumbers = [.. Enumerable.Range(0, 8).Select(_ =>
        {
            using X509Certificate2 node = FederationAuthority.IssueNode(authority, "alice", key, Year, Samples.Now);
            Assert.True(node.SerialNumberBytes.Span[0] is >= 0x40 and <= 0x7F);
            return node.SerialNumber;
        })];
        Assert.Equal(8, serialNumbers.Distinct().Count());
    }

    [Fact]
    public void Issue_ArgumentsOutOfRange_Throw()
    {
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("F", Year, Samples.Now);
        using X509Certificate2 withoutKey = X509CertificateLoader.LoadCertificate(authority.RawData);
        using X509Certificate2 server = FederationAuthority.IssueServer(authority, ["h"], Year, Samples.Now);
        byte[] key = Samples.NewPublicKey();
        Assert.Throws<ArgumentException>("name", () => FederationAuthority.CreateAuthority(" ", Year, Samples.Now));
        Assert.Throws<ArgumentException>("name", () => FederationAuthority.CreateAuthority(new string('a', 65), Year, Samples.Now));
        Assert.Throws<ArgumentOutOfRangeException>("lifetime", () => FederationAuthority.CreateAuthority("F", TimeSpan.Zero, Samples.Now));
        Assert.Throws<ArgumentException>("name", () => Node(authority, "Alice", key, Year));
        Assert.Throws<ArgumentException>("nodePublicKey", () => Node(authority, "alice", key[1..], Year));
        Assert.Throws<ArgumentOutOfRangeException>("lifetime", () => Node(authority, "alice", key, -Year));
        Assert.Throws<ArgumentException>("lifetime", () => Node(authority, "alice", key, Year + TimeSpan.FromSeconds(1)));
        Assert.Throws<ArgumentException>("authority", () => Node(withoutKey, "alice", key, Year));
        Assert.Throws<ArgumentException>("authority", () => Node(server, "alice", key, Year));
        foreach (string[] hosts in (string[][])[[], ["no host"], [.. Enumerable.Repeat("h", 65)]])
        {
            Assert.Throws<ArgumentException>("hosts", () => FederationAuthority.IssueServer(authority, hosts, Year, Samples.Now));
        }

        static void Node(X509Certificate2 issuer, string name, byte[] publicKey, TimeSpan lifetime) =>
            FederationAuthority.IssueNode(issuer, name, publicKey, lifetime, Samples.Now).Dispose();
    }

    [Fact]
    public void IssueServer_LongDnsName_StandsInTheAlternativeNames()
    {
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("F", Year, Samples.Now);
        string host = $"{new string('a', 60)}.example.org";
        using X509Certificate2 server = FederationAuthority.IssueServer(authority, [host], Year, Samples.Now);
        Assert.True(server.HasPrivateKey);
        Assert.True(server.MatchesHostname(host, allowWildcards: false, allowCommonName: false));
    }
}
