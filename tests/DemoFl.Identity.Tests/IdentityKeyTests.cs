using System.Runtime.Versioning;
using System.Security.Cryptography;

namespace DemoFl.Identity.Tests;

public sealed class IdentityKeyTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void Create_AnIdentity_HasTheDocumentedSizesAndId()
    {
        using IdentityKey key = IdentityKey.Create();
        Assert.Equal(IdentityPublicKey.Size, key.PublicKey.Length);
        Assert.Equal(SHA256.HashData(key.PublicKey.Span), key.Id.ToArray());
        Assert.Equal($"IdentityKey-{Convert.ToHexStringLower(key.Id.Span[..4])}", key.ToString());
    }

    [Fact]
    public void LoadOrCreate_SecondTime_IsTheSameIdentity()
    {
        using var folder = new TemporaryFolder();
        using IdentityKey created = IdentityKey.LoadOrCreate(folder["keys/node.key"]);
        using IdentityKey loaded = IdentityKey.LoadOrCreate(folder["keys/node.key"]);
        Assert.Equal(created.Id.ToArray(), loaded.Id.ToArray());
        Assert.True(Signature.Verify(created.PublicKey.Span, "d", "s"u8, loaded.Sign("d", "s"u8)));
        Assert.Equal(["node.key"], folder.Files);
    }

    [Fact]
    public async Task LoadOrCreate_ManyAtOnce_AgreeOnOneIdentity()
    {
        using var folder = new TemporaryFolder();
        string[] ids = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            using IdentityKey key = IdentityKey.LoadOrCreate(folder["node.key"]);
            return Convert.ToHexString(key.Id.Span);
        })));
        Assert.Single(ids.Distinct());
        Assert.Equal(["node.key"], folder.Files);
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void Save_NewFile_IsForItsOwnerOnly()
    {
        using var folder = new TemporaryFolder();
        using IdentityKey key = IdentityKey.Create();
        key.Save(folder["node.key"]);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(folder["node.key"]));
    }

    [UnixFact]
    [UnsupportedOSPlatform("windows")]
    public void Load_FileThatOthersCanReadOrWrite_IsRefusedWithTheRemedy()
    {
        using var folder = new TemporaryFolder();
        using IdentityKey key = IdentityKey.LoadOrCreate(folder["node.key"]);
        UnixFileMode[] tooOpen = [UnixFileMode.GroupRead, UnixFileMode.GroupWrite, UnixFileMode.OtherRead, UnixFileMode.OtherWrite];
        foreach (UnixFileMode mode in tooOpen)
        {
            File.SetUnixFileMode(folder["node.key"], OwnerOnly | mode);
            var refusal = Assert.Throws<IdentityFileException>(() => IdentityKey.Load(folder["node.key"]));
            Assert.Contains($"chmod 600 '{folder["node.key"]}'", refusal.Message);
            Assert.Throws<IdentityFileException>(() => IdentityKey.LoadOrCreate(folder["node.key"]));
        }

        File.SetUnixFileMode(folder["node.key"], UnixFileMode.UserRead);
        IdentityKey.Load(folder["node.key"]).Dispose();
    }

    [Fact]
    public void Save_ExistingFile_IsNotOverwritten()
    {
        using var folder = new TemporaryFolder();
        using IdentityKey first = IdentityKey.LoadOrCreate(folder["node.key"]);
        using IdentityKey second = IdentityKey.Create();
        Assert.Throws<IdentityFileException>(() => second.Save(folder["node.key"]));
        using IdentityKey kept = IdentityKey.Load(folder["node.key"]);
        Assert.Equal(first.Id.ToArray(), kept.Id.ToArray());
        Assert.Equal(["node.key"], folder.Files);
    }

    [Fact]
    public void Load_MissingOrForeignFile_SaysWhichFileAndWhat()
    {
        using var folder = new TemporaryFolder();
        using var otherCurve = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        using IdentityKey key = IdentityKey.LoadOrCreate(folder["whole"]);
        string whole = File.ReadAllText(folder["whole"]);
        var encryption = new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, iterationCount: 1);
        (string Content, string Complaint)[] files =
        [
            ("", "does not begin with"),
            ("not a key", "does not begin with"),
            (otherCurve.ExportSubjectPublicKeyInfoPem(), "does not begin with"),
            (otherCurve.ExportEncryptedPkcs8PrivateKeyPem("p", encryption), "does not begin with"),
            (otherCurve.ExportPkcs8PrivateKeyPem(), "another curve"),
            (rsa.ExportPkcs8PrivateKeyPem(), "damaged private key, or one that is not for elliptic curves"),
            (whole.Replace("MIG", "MIA", StringComparison.Ordinal), "damaged"),
            (new string('x', PemFiles.MaxFileSize + 1), "at most 65536"),
        ];
        foreach ((string content, string complaint) in files)
        {
            WriteOwnerOnly(folder["bad.key"], content);
            var refusal = Assert.Throws<IdentityFileException>(() => IdentityKey.Load(folder["bad.key"]));
            Assert.Contains(complaint, refusal.Message);
            Assert.Contains(folder["bad.key"], refusal.Message);
            Assert.Equal(folder["bad.key"], refusal.FilePath);
        }

        Assert.Contains("does not exist", Assert.Throws<IdentityFileException>(() => IdentityKey.Load(folder["none"])).Message);
        Assert.Throws<IdentityFileException>(() => IdentityKey.Load(Path.GetTempPath()));
    }

    [Fact]
    public void Dispose_ThenSign_ThrowsObjectDisposed()
    {
        IdentityKey key = IdentityKey.Create();
        key.Dispose();
        Assert.Throws<ObjectDisposedException>(() => key.Sign("d", "s"u8));
    }

    private static void WriteOwnerOnly(string path, string content)
    {
        File.WriteAllText(path, content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, OwnerOnly);
        }
    }
}
