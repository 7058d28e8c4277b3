using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;

namespace DemoFl.Node.Tests.Federations;

/// <summary>Whom a node takes for its server, and that its proof holds for that connection alone (DESIGN section 5).</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private readonly X509Certificate2 _authority = FederationAuthority.CreateAuthority("owners", TimeSpan.FromDays(30), Now);
    private readonly X509Certificate2 _certificate;

    public TlsTests() => _certificate = FederationAuthority.IssueServer(_authority, ["127.0.0.1", "localhost"], TimeSpan.FromDays(1), Now);

    [Fact]
    public async Task Run_CertificateOfTheNamedAuthority_Commits()
    {
        await using var federation = await StartAsync();
        for (int i = 0; i < 3; i++)
        {
            federation.Join($"n-{i}", Trainer(), o => o with { TlsAuthority = _authority });
        }

        await federation.CompleteAsync();

        Assert.Equal("https", federation.Address.Scheme);
    }

    [Fact]
    public async Task RunAsync_CertificateOfAnotherAuthority_NeverJoins()
    {
        using var others = FederationAuthority.CreateAuthority("others", TimeSpan.FromDays(30), Now);
        await using var federation = await StartAsync();

        await AssertRefusedAtOnceAsync(federation, o => o with { TlsAuthority = others });
    }

    [Fact]
    public async Task RunAsync_NoAuthorityNamedAndNoneKnown_NeverJoins()
    {
        await using var federation = await StartAsync();

        await AssertRefusedAtOnceAsync(federation, o => o);
    }

    [Fact]
    public async Task RunAsync_NodesCertificateWithTheServersHost_IsNoServer()
    {
        // An owner of a node may be named like any host. On TLS that must not make its key the server's.
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = FederationAuthority.IssueNode(_authority, "localhost", key.ExportSubjectPublicKeyInfo(), TimeSpan.FromDays(1), Now);
        using var node = bare.CopyWithPrivateKey(key);
        await using var federation = await StartAsync();
        await using var middle = new Wire(federation.Address, node);

        await AssertRefusedAtOnceAsync(federation, o => o with
        {
            TlsAuthority = _authority, Server = new UriBuilder(middle.Address) { Host = "localhost" }.Uri,
        });
    }

    [Fact]
    public async Task RunAsync_ServerCertificateForAnotherHost_NeverJoins()
    {
        using var elsewhere = FederationAuthority.IssueServer(_authority, ["fl.example"], TimeSpan.FromDays(1), Now);
        await using var federation = await StartAsync();
        await using var middle = new Wire(federation.Address, elsewhere);

        await AssertRefusedAtOnceAsync(federation, o => o with { TlsAuthority = _authority, Server = middle.Address });
    }

    [Fact]
    public async Task RunAsync_ManInTheMiddleWithACertificateOfTheAuthority_ProofIsRefused()
    {
        using var another = FederationAuthority.IssueServer(_authority, ["127.0.0.1"], TimeSpan.FromDays(1), Now);
        await using var federation = await StartAsync();
        await using var middle = new Wire(federation.Address, another);

        var member = federation.Join("n", Trainer(), o => o with { TlsAuthority = _authority, Server = middle.Address });

        var refusal = await Assert.ThrowsAsync<NodeRefusedException>(() => member.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("another server's certificate in between", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(federation.Events.All, e => e is Protocol.CoordinatorEvent.WaitingForNodes { Present: > 0 });
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _authority.Dispose();
    }

    private static StubTrainer Trainer() => StubTrainer.Moving((_, _) => 0.01f, 100);

    private static async Task AssertRefusedAtOnceAsync(Federation federation, Func<NodeOptions, NodeOptions> with)
    {
        // No patience makes a certificate trusted: the node does not use the hour it is given.
        var member = federation.Join("n", Trainer(), o => with(o) with { Patience = TimeSpan.FromHours(1) });

        var failure = await Assert.ThrowsAsync<NodeRefusedException>(() => member.Completion.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("No trusted TLS connection", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--tls-ca", failure.Message, StringComparison.Ordinal);
    }

    private Task<Federation> StartAsync() => Federation.StartAsync(Rules.Of(3, 1), with: s => s with { Certificate = _certificate });
}
