using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DemoFl.Relay.Tests.Fixtures;

/// <summary>The one certificate of the servers in these tests, and clients that take it and no other.</summary>
internal static class TestTls
{
    public static readonly X509Certificate2 Certificate = SelfSigned();

    public static bool IsTheServers(object sender, X509Certificate? shown, X509Chain? chain, SslPolicyErrors errors) =>
        shown is not null && shown.GetRawCertData().AsSpan().SequenceEqual(Certificate.RawDataMemory.Span);

    public static SocketsHttpHandler Handler() => new() { SslOptions = { RemoteCertificateValidationCallback = IsTheServers } };

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
