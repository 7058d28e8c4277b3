using Grpc.Core;
using Grpc.Core.Wire;

namespace DemoFl.Rpc.Tests.Wire;

public sealed class HeaderCodecTests
{
    [Theory]
    [InlineData("0.0000001", "1u")]
    [InlineData("1", "1000000u")]
    [InlineData("99.999999", "99999999u")]
    [InlineData("100", "100000m")]
    [InlineData("100000", "100000S")]
    [InlineData("100000000", "1666667M")]
    public void Timeout_AnyLength_IsEncodedInTheFinestUnitThatHoldsIt(string seconds, string expected) =>
        Assert.Equal(expected, GrpcTimeout.Encode(TimeSpan.FromTicks((long)(decimal.Parse(seconds) * TimeSpan.TicksPerSecond))));

    [Fact]
    public void Timeout_RoundTrip_IsNeverShorterAndHardlyLonger()
    {
        var random = new Random(7);
        for (var i = 0; i < 10_000; i++)
        {
            var timeout = TimeSpan.FromTicks(1 + (long)Math.Pow(10, random.NextDouble() * 15));

            Assert.True(GrpcTimeout.TryDecode(GrpcTimeout.Encode(timeout), out var decoded));

            Assert.True(decoded >= timeout, $"seed 7, step {i}: {timeout} became {decoded}");
            Assert.True(decoded.Ticks <= (timeout.Ticks * 1.001) + 10, $"seed 7, step {i}: {timeout} became {decoded}");
        }
    }

    [Theory]
    [InlineData("1n", 1)]
    [InlineData("2500n", 25)]
    [InlineData("3u", 30)]
    [InlineData("4m", 40_000)]
    [InlineData("5S", 50_000_000)]
    [InlineData("6M", 3_600_000_000)]
    [InlineData("1H", 36_000_000_000)]
    public void Timeout_EachUnit_IsDecoded(string text, long ticks)
    {
        Assert.True(GrpcTimeout.TryDecode(text, out var timeout));
        Assert.Equal(ticks, timeout.Ticks);
    }

    [Fact]
    public void PercentEncoding_AnyText_RoundTripsThroughPrintableAscii()
    {
        var random = new Random(11);
        for (var i = 0; i < 2_000; i++)
        {
            var text = new string(Enumerable.Range(0, random.Next(20)).Select(_ => (char)random.Next(0, 0xd800)).ToArray());

            var encoded = PercentEncoding.Encode(text);

            Assert.True(encoded.All(c => c is >= ' ' and <= '~'), $"seed 11, step {i}");
            Assert.Equal(text, PercentEncoding.Decode(encoded));
        }
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz!", "%zz!")]
    [InlineData("%41", "A")]
    [InlineData("ü%41", "üA")]
    [InlineData("grÃ¶Ã\u009fe %41%C3%BC", "größe Aü")] // raw UTF-8, read as Latin-1
    [InlineData("größe 日本 🎲 %41%C3%BC%", "größe 日本 🎲 Aü%")] // read as UTF-8
    public void PercentEncoding_Malformed_IsKeptAsItIs(string encoded, string expected) =>
        Assert.Equal(expected, PercentEncoding.Decode(encoded));

    [Theory]
    [InlineData("application/grpc", true)]
    [InlineData("Application/GRPC+proto", true)]
    [InlineData("application/grpc-web", false)]
    [InlineData("application/json", false)]
    [InlineData(null, false)]
    public void ContentType_OnlyGrpc_IsAccepted(string? contentType, bool expected) => Assert.Equal(expected, GrpcHeaders.IsGrpc(contentType));

    [Fact]
    public void Metadata_KeysAndValues_AreChecked()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("with space", "x"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("", "x"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("text", [1]));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("data-bin", "x"));
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("a", "b"));
        Assert.Throws<ArgumentException>(() => MetadataWire.Encode(new Metadata { { "a", "line\r\nbreak" } }).ToArray());
        Assert.Equal("upper-case", new Metadata.Entry("Upper-Case", "x").Key);
    }

    [Fact]
    public void Metadata_JoinedAndPaddedBytes_AreAllRead()
    {
        var metadata = new Metadata();

        MetadataWire.AddReceived(metadata, "x-bin", "AQ, AQI=,");
        MetadataWire.AddReceived(metadata, "grpc-status", "0");

        Assert.Equal([new byte[] { 1 }, [1, 2], []], metadata.Select(entry => entry.ValueBytes));
    }
}
