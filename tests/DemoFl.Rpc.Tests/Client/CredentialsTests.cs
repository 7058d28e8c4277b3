using Grpc.Core;
using Grpc.Net.Client;

namespace DemoFl.Rpc.Tests.Client;

/// <summary>A channel's credentials beside its address: a mistake there must not send in the clear what was meant to be secret.</summary>
public sealed class CredentialsTests
{
    [Theory]
    [InlineData("http://127.0.0.1:1", true, "https")]
    [InlineData("https://127.0.0.1:1", false, "ChannelCredentials.SecureSsl")]
    public void Credentials_AgainstTheAddress_AreRefusedWithTheWayOut(string address, bool secure, string expected)
    {
        var credentials = secure ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;

        var mistake = Assert.Throws<InvalidOperationException>(
            () => GrpcChannel.ForAddress(address, new GrpcChannelOptions { Credentials = credentials }));

        Assert.Contains(address, mistake.Message, StringComparison.Ordinal);
        Assert.Contains(expected, mistake.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:1", true)]
    [InlineData("http://127.0.0.1:1", false)]
    [InlineData("https://127.0.0.1:1", null)]
    [InlineData("http://127.0.0.1:1", null)]
    public void Credentials_AsTheAddressHasIt_AreTaken(string address, bool? secure)
    {
        var credentials = secure is null ? null : secure.Value ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure;

        using var channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions { Credentials = credentials });

        Assert.Equal("127.0.0.1:1", channel.Target);
    }
}
