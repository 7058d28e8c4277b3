using DemoFl.Cli.Commands;
using DemoFl.Identity;

namespace DemoFl.Cli.Tests.Keys;

public sealed class KeysTests : IDisposable
{
    private static readonly TimeSpan OneDay = TimeSpan.FromDays(1), ClockSkew = TimeSpan.FromMinutes(5);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Authority_New_IssuesNodesThatTheFederationTrusts()
    {
        await RunAsync("ca", "--name", "Hospitals North", "--out", _folder["ca"], "--days", "30");
        var facts = await KeysCommand.Create().FactsAsync(
            "node", "--name", "alice", "--out", _folder["keys"], "--ca", _folder["ca"], "--days", "10");

        using var authority = PemFiles.LoadCertificate(_folder["ca", "ca.crt"]);
        using var certificate = PemFiles.LoadCertificate(facts.Text("certificate"));
        using var key = IdentityKey.Load(_folder["keys", "alice.key"]);
        var claim = new IdentityClaim("alice", key.PublicKey, certificate.RawData);
        Assert.IsType<TrustDecision.Trusted>(new FederationTrust(authority).Judge(claim, DateTimeOffset.UtcNow));
        Assert.Equal((10 * OneDay) + ClockSkew, certificate.NotAfter - certificate.NotBefore);
        Assert.Equal(Convert.ToHexStringLower(key.Id.Span), facts.Text("id"));
    }

    [Fact]
    public async Task Authority_Twice_RefusesAndKeepsTheFirst()
    {
        await RunAsync("ca", "--name", "first", "--out", _folder["ca"]);
        var before = await File.ReadAllTextAsync(_folder["ca", "ca.key"]);
        await RefusesAsync(["ca", "--name", "second", "--out", _folder["ca"]], _folder["ca", "ca.key"], "not overwritten", "--out");
        Assert.Equal(before, await File.ReadAllTextAsync(_folder["ca", "ca.key"]));

        // The key may be in a safe: the certificate alone is worth as much.
        File.Delete(_folder["ca", "ca.key"]);
        await RefusesAsync(["ca", "--name", "second", "--out", _folder["ca"]], _folder["ca", "ca.crt"], "not overwritten");
        Assert.Equal(["ca/ca.crt"], _folder.Files);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("7301")]
    public async Task Authority_DaysOutOfRange_NamesTheRange(string days) =>
        await RefusesAsync(["ca", "--name", "n", "--out", _folder["ca"], "--days", days], $"--days is {days}", "1 to 7300");

    [Fact]
    public async Task Node_New_WritesAKeyAndItsRosterLine()
    {
        await RunAsync("node", "--name", "alice", "--out", _folder["keys"]);
        using var key = IdentityKey.Load(_folder["keys", "alice.key"]);
        Assert.Equal(new RosterEntry("alice", key.PublicKey), Assert.Single(Roster.Load(_folder["keys", "alice.pub"]).Entries));
        Assert.Equal(["keys/alice.key", "keys/alice.pub"], _folder.Files);
    }

    [UnixFact]
    public async Task Keys_OnUnix_AreForTheirOwnerOnly()
    {
        await RunAsync("ca", "--name", "n", "--out", _folder.Path);
        await RunAsync("server", "--host", "localhost", "--out", _folder.Path, "--ca", _folder.Path);
        await RunAsync("token", "--out", _folder["tokens.key"]);
        Assert.All(
            Directory.GetFiles(_folder.Path, "*.key"),
            path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(path)));
    }

    [Fact]
    public async Task Node_KeyIsThere_IsRefusedOrWithAnAuthorityCertified()
    {
        await RunAsync("node", "--name", "alice", "--out", _folder.Path);
        var before = await File.ReadAllTextAsync(_folder["alice.key"]);
        await RefusesAsync(
            ["node", "--name", "alice", "--out", _folder.Path], _folder["alice.key"], "not overwritten", "--ca DIR", "--name");

        await RunAsync("ca", "--name", "n", "--out", _folder["ca"]);
        await RunAsync("node", "--name", "alice", "--out", _folder.Path, "--ca", _folder["ca"]);
        Assert.Equal(before, await File.ReadAllTextAsync(_folder["alice.key"]));
        Assert.True(File.Exists(_folder["alice.crt"]));
    }

    [Fact]
    public async Task Node_PublicLineOnly_IsCertifiedWithoutThePrivateKey()
    {
        await RunAsync("node", "--name", "bob", "--out", _folder["bob"]);
        await RunAsync("ca", "--name", "n", "--out", _folder["ca"]);
        await RunAsync("node", "--public", _folder["bob", "bob.pub"], "--ca", _folder["ca"], "--out", _folder["issued"]);

        using var certificate = PemFiles.LoadCertificate(_folder["issued", "bob.crt"]);
        using var key = IdentityKey.Load(_folder["bob", "bob.key"]);
        Assert.Equal(key.PublicKey.ToArray(), certificate.PublicKey.ExportSubjectPublicKeyInfo());
        Assert.Equal(["issued/bob.crt"], _folder.Files.Where(file => file.StartsWith("issued", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("Alice")]
    [InlineData("../alice")]
    public async Task Node_NameAgainstTheRule_SaysTheRule(string name)
    {
        await RefusesAsync(["node", "--name", name, "--out", _folder["keys"]], $"'{name}'", NodeName.Rule);
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Node_NoAuthorityInTheFolder_NamesTheFileAndTheCommand()
    {
        await RefusesAsync(
            ["node", "--name", "alice", "--out", _folder["keys"], "--ca", _folder["none"]], _folder["none", "ca.crt"], "demofl keys ca");
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Node_LongerThanItsAuthority_SaysHowManyDaysThereAre()
    {
        await RunAsync("ca", "--name", "n", "--out", _folder["ca"], "--days", "10");
        await RefusesAsync(
            ["node", "--name", "alice", "--out", _folder["keys"], "--ca", _folder["ca"], "--days", "11"], "--days 11",
            "Give --days 9 or fewer");
        Assert.False(File.Exists(_folder["keys", "alice.key"]));

        // By default as long as the authority allows.
        await RunAsync("node", "--name", "alice", "--out", _folder["keys"], "--ca", _folder["ca"]);
    }

    [Theory]
    [InlineData("--name", "a", "--days", "3")]
    [InlineData("--public", "a.pub")]
    [InlineData("--ca", "x")]
    [InlineData("--name", "a", "--public", "a.pub", "--ca", "x")]
    public async Task Node_OptionsThatDoNotGoTogether_AreRefusedNotIgnored(params string[] options)
    {
        await RefusesAsync(["node", "--out", _folder["keys"], .. options], "Give --");
        Assert.Empty(_folder.Files);
    }

    [Fact]
    public async Task Server_New_GetsATlsCertificateForItsHostsAndAnIdentity()
    {
        await RunAsync("ca", "--name", "n", "--out", _folder["ca"]);
        await RunAsync("server", "--host", "fl.example.org", "192.0.2.7", "--out", _folder["server"], "--ca", _folder["ca"]);

        using var authority = PemFiles.LoadCertificate(_folder["ca", "ca.crt"]);
        using var tls = PemFiles.LoadCertificateWithKey(_folder["server", "server-tls.crt"], _folder["server", "server-tls.key"]);
        var trust = new FederationTrust(authority);
        foreach (var host in new[] { "fl.example.org", "192.0.2.7" })
            Assert.IsType<TrustDecision.Trusted>(trust.JudgeServer(tls, host, DateTimeOffset.UtcNow));
        Assert.IsType<TrustDecision.Refused>(trust.JudgeServer(tls, "other.example.org", DateTimeOffset.UtcNow));

        using var key = IdentityKey.Load(_folder["server", "server.key"]);
        Assert.Equal(new RosterEntry("server", key.PublicKey, IsServer: true),
            Assert.Single(Roster.Load(_folder["server", "server.pub"]).Entries));
    }

    [Fact]
    public async Task Server_Renewed_KeepsItsIdentityAndAsksForTheOldKeyToBeMoved()
    {
        await RunAsync("ca", "--name", "n", "--out", _folder["ca"]);
        string[] args = ["server", "--host", "localhost", "--out", _folder["server"], "--ca", _folder["ca"]];
        await RunAsync(args);
        var identity = await File.ReadAllTextAsync(_folder["server", "server.key"]);
        await RefusesAsync(args, _folder["server", "server-tls.key"], "not overwritten", "move this key away");

        File.Move(_folder["server", "server-tls.key"], _folder["server", "old.key"]);
        await RunAsync(args);
        Assert.Equal(identity, await File.ReadAllTextAsync(_folder["server", "server.key"]));
        Assert.NotEqual(
            await File.ReadAllTextAsync(_folder["server", "old.key"]), await File.ReadAllTextAsync(_folder["server", "server-tls.key"]));
    }

    [Fact]
    public async Task Server_HostIsAnAddress_SaysWhichAndWritesNothing()
    {
        await RefusesAsync(
            ["server", "--host", "https://fl.example.org", "--out", _folder["server"], "--ca", _folder["ca"]], "'https://fl.example.org'",
            "without scheme");
        Assert.Empty(_folder.Files);
    }

    public void Dispose() => _folder.Dispose();

    private static UnixFileMode ModeOf(string path) => OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(path);

    private static Task<(string Output, string Error)> RunAsync(params string[] args) => KeysCommand.Create().RunAsync(args);

    private static Task RefusesAsync(string[] args, params string[] words) =>
        KeysCommand.Create().RefusesAsync(args, ExitCode.Usage, words);
}
