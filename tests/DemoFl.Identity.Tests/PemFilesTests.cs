using System.Runtime.Versioning;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Identity.Tests;

public sealed class PemFilesTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public void LoadCertificateWithKey_SavedFiles_GiveTheCertificateBack()
    {
        using var folder = new TemporaryFolder();
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("F", Day, Samples.Now);
        PemFiles.SaveCertificate(folder["authority.pem"], authority);
        PemFiles.SavePrivateKey(folder["authority.key"], authority);
        using X509Certificate2 publicPart = PemFiles.LoadCertificate(folder["authority.pem"]);
        using X509Certificate2 whole = PemFiles.LoadCertificateWithKey(folder["authority.pem"], folder["authority.key"]);
        Assert.False(publicPart.HasPrivateKey);
        Assert.Equal(authority.RawData, publicPart.RawData);
        FederationAuthority.IssueServer(whole, ["localhost"], Day / 2, Samples.Now).Dispose();
        Assert.DoesNotContain("PRIVATE", File.ReadAllText(folder["authority.pem"]));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void Save_Modes_AreOwnerOnlyForKeysAndReadableForCertificates()
    {
        using var folder = new TemporaryFolder();
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("F", Day, Samples.Now);
        PemFiles.SaveCertificate(folder["authority.pem"], authority);
        PemFiles.SavePrivateKey(folder["authority.key"], authority);
        Assert.Equal("0600", Mode(folder["authority.key"]));
        Assert.StartsWith("06", Mode(folder["authority.pem"]));
        File.SetUnixFileMode(folder["authority.key"], File.GetUnixFileMode(folder["authority.key"]) | UnixFileMode.GroupRead);
        Assert.Throws<IdentityFileException>(() => PemFiles.LoadCertificateWithKey(folder["authority.pem"], folder["authority.key"]));
    }

    [Fact]
    public void SaveCertificate_OverAnOlderOne_ReplacesIt()
    {
        using var folder = new TemporaryFolder();
        using X509Certificate2 old = FederationAuthority.CreateAuthority("old", Day, Samples.Now);
        using X509Certificate2 renewed = FederationAuthority.CreateAuthority("new", Day, Samples.Now);
        PemFiles.SaveCertificate(folder["c.pem"], old);
        PemFiles.SaveCertificate(folder["c.pem"], renewed);
        using X509Certificate2 loaded = PemFiles.LoadCertificate(folder["c.pem"]);
        Assert.Equal(renewed.Thumbprint, loaded.Thumbprint);
        Assert.Equal(["c.pem"], folder.Files);
    }

    [Fact]
    public void SavePrivateKey_ExistingFileOrNoKey_Throws()
    {
        using var folder = new TemporaryFolder();
        using X509Certificate2 authority = FederationAuthority.CreateAuthority("F", Day, Samples.Now);
        using X509Certificate2 publicPart = X509CertificateLoader.LoadCertificate(authority.RawData);
        PemFiles.SavePrivateKey(folder["a.key"], authority);
        Assert.Throws<IdentityFileException>(() => PemFiles.SavePrivateKey(folder["a.key"], authority));
        Assert.Throws<ArgumentException>(() => PemFiles.SavePrivateKey(folder["b.key"], publicPart));
    }

    [Fact]
    public void Load_WrongFiles_AreNamed()
    {
        using var folder = new TemporaryFolder();
        using X509Certificate2 one = FederationAuthority.CreateAuthority("one", Day, Samples.Now);
        using X509Certificate2 other = FederationAuthority.CreateAuthority("other", Day, Samples.Now);
        PemFiles.SaveCertificate(folder["one.pem"], one);
        PemFiles.SavePrivateKey(folder["other.key"], other);
        Assert.Contains("is not the key of", Message(() => PemFiles.LoadCertificateWithKey(folder["one.pem"], folder["other.key"])));
        Assert.Contains("does not begin with a PEM certificate", Message(() => PemFiles.LoadCertificate(folder["other.key"])));
        Assert.Contains("does not exist", Message(() => PemFiles.LoadCertificate(folder["none.pem"])));
        File.WriteAllText(folder["bad.pem"], "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.Contains("damaged certificate", Message(() => PemFiles.LoadCertificate(folder["bad.pem"])));

        static string Message(Func<X509Certificate2> load) => Assert.Throws<IdentityFileException>(() => load()).Message;
    }

    [UnsupportedOSPlatform("windows")]
    private static string Mode(string path) => "0" + Convert.ToString((int)File.GetUnixFileMode(path), 8);
}
