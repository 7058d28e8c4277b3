namespace DemoFl.Identity.Tests;

public sealed class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("alice")]
    [InlineData("hospital-3.berlin_west")]
    [InlineData("0")]
    [InlineData("a..b")]
    public void IsValid_AllowedName_IsTrue(string name) => Assert.True(NodeName.IsValid(name));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Alice")]
    [InlineData("-alice")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("_x")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("a\n")]
    [InlineData("älice")]
    [InlineData("a:b")]
    [InlineData("a%b")]
    public void IsValid_OtherName_IsFalse(string? name) => Assert.False(NodeName.IsValid(name!));

    [Fact]
    public void IsValid_Length_IsOneTo63()
    {
        Assert.True(NodeName.IsValid(new string('a', 63)));
        Assert.False(NodeName.IsValid(new string('a', 64)));
    }

    [Fact]
    public void ShortId_OfANameAndId_IsNameAndEightDigits()
    {
        byte[] id = [0x1A, 0x2B, 0x3C, 0x4D, .. new byte[28]];
        Assert.Equal("alice-1a2b3c4d", ShortId.Of("alice", id));
        Assert.Throws<ArgumentException>(() => ShortId.Of("alice", id.AsSpan(0, 3)));
    }
}
