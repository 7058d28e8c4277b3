using System.Net;
using DemoFl.Relay.Peers;

namespace DemoFl.Relay.Tests.Peers;

public sealed class AddressQuotaTests
{
    [Fact]
    public void Take_BeyondEitherLimit_SaysWhichAndCountsNothing()
    {
        var quota = new AddressQuota(3, 2);
        Assert.Null(quota.Take("a"));
        Assert.Null(quota.Take("a"));
        Assert.Equal("2 from one address", quota.Take("a"));
        Assert.Null(quota.Take("b"));
        Assert.Equal("3 in all", quota.Take("b"));
        quota.Return("a");
        Assert.Null(quota.Take("b"));
        Assert.Equal("3 in all", quota.Take("a"));
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    public void AddressOf_AnEnd_IsWhatOneSubscriberHas(string address, string expected) =>
        Assert.Equal(expected, AddressQuota.AddressOf(new IPEndPoint(IPAddress.Parse(address), 5)));
}
