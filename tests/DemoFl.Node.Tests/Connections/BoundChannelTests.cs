using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DemoFl.Identity;
using DemoFl.Node.Connections;
using DemoFl.Protocol;
using Grpc.Net.Client;

namespace DemoFl.Node.Tests.Connections;

public sealed class BoundChannelTests : IDisposable
{
    private readonly X509Certificate2 _first = Certificate();
    private readonly X509Certificate2 _second = Certificate();
    private Func<X509Certificate2, bool> _accept = _ => throw new InvalidOperationException("The channel was not opened.");

    [Fact]
    public void Binding_BeforeAnyConnection_IsZero()
    {
        using var channel = Open();

        Assert.Equal(default, channel.Binding);
    }

    [Fact]
    public void Accept_SameCertificateAgain_KeepsTheBinding()
    {
        using var channel = Open();

        Assert.True(_accept(_first));
        Assert.True(_accept(_first));

        Assert.Equal(new Hash256(_first.GetCertHash(HashAlgorithmName.SHA256)), channel.Binding);
        Assert.False(channel.IsOutdated);
    }

    [Fact]
    public void Accept_AnotherCertificate_IsRefusedAndCannotMoveTheBinding()
    {
        using var channel = Open();
        _accept(_first);

        Assert.False(_accept(_second));

        Assert.Equal(new Hash256(_first.GetCertHash(HashAlgorithmName.SHA256)), channel.Binding);
        Assert.True(channel.IsOutdated);
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private static X509Certificate2 Certificate() => FederationAuthority.CreateAuthority("a", TimeSpan.FromDays(1), DateTimeOffset.UtcNow);

    private BoundChannel Open() => new(accept =>
    {
        _accept = accept;
        return GrpcChannel.ForAddress("http://127.0.0.1:1");
    });
}
