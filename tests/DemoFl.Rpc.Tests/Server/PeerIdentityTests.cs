using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Rpc.Tests.Protos;
using Grpc.Core;

namespace DemoFl.Rpc.Tests.Server;

/// <summary>Who a client is by its certificate: its alternative names, or else its common name.</summary>
public sealed class PeerIdentityTests : IAsyncLifetime
{
    private const string CommonName = "x509_common_name";
    private const string AlternativeName = "x509_subject_alternative_name";

    private EchoHost _host = null!;

    public async Task InitializeAsync() => _host = await EchoHost.StartAsync(tls: true);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("CN=alice", "", CommonName, "alice")]
    [InlineData("O=hospital, CN=alice", "", CommonName, "alice")]
    [InlineData("CN=alice", "a.test,b.test", AlternativeName, "a.test,b.test")]
    [InlineData("", "a.test", AlternativeName, "a.test")]
    [InlineData("O=hospital", "", null, "")]
    public async Task Identity_OfACertificate_IsItsAlternativeNamesOrElseItsCommonName(
        string subject, string names, string? property, string expected)
    {
        var seen = await CallAsync(CreateCertificate(subject, names));

        Assert.Equal(property, seen.PeerIdentityPropertyName);
        Assert.Equal(property is not null, seen.IsPeerAuthenticated);
        Assert.Equal(expected, string.Join(',', seen.PeerIdentity.Select(part => part.Value)));
        Assert.Equal(subject.Contains("CN=", StringComparison.Ordinal), seen.FindPropertiesByName(CommonName).Any());
    }

    [Fact]
    public async Task Identity_WithoutACertificate_IsNone()
    {
        var seen = await CallAsync(null);

        Assert.False(seen.IsPeerAuthenticated);
        Assert.Empty(seen.Properties);
    }

    private static X509Certificate2 CreateCertificate(string subject, string names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        if (names.Length > 0)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (var name in names.Split(','))
                alternatives.AddDnsName(name);
            request.CertificateExtensions.Add(alternatives.Build());
        }

        var now = DateTimeOffset.UtcNow;
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }

    private async Task<AuthContext> CallAsync(X509Certificate2? certificate)
    {
        AuthContext? seen = null;
        _host.Echo.OnSay = (request, context) =>
        {
            seen = context.AuthContext;
            return Task.FromResult(request);
        };
        using var owned = certificate;
        var handler = _host.CreateHandler();
        handler.SslOptions.ClientCertificates = certificate is null ? [] : [certificate];
        await new Echo.EchoClient(_host.OpenChannel(options => options.HttpHandler = handler)).SayAsync(new EchoMessage());
        return seen!;
    }
}
