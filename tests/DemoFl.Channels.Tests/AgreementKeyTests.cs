using System.Numerics;

namespace DemoFl.Channels.Tests;

public sealed class AgreementKeyTests
{
    private static readonly BigInteger Prime =
        (BigInteger.One << 256) - (BigInteger.One << 224) + (BigInteger.One << 192) + (BigInteger.One << 96) - 1;

    [Fact]
    public void Agree_TwoFreshKeys_ShareAChannel()
    {
        using AgreementKey offered = AgreementKey.Create();
        using AgreementKey answered = AgreementKey.Create();
        using var pair = new Pair(
            offered.Agree(answered.PublicKey.Span, Pair.Transcript, ChannelRole.Holder, 7),
            answered.Agree(offered.PublicKey.Span, Pair.Transcript, ChannelRole.Party, 7));
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, pair.Holder.Seal(7, "confirmed"), out byte[] plaintext));
        Assert.Equal(Pair.Text("confirmed"), plaintext);
        Assert.Equal(pair.Holder.Seed(7), pair.Party.Seed(7));
    }

    [Fact]
    public void Agree_TranscriptsDifferInAnyOneBit_ShareNothing()
    {
        using AgreementKey offered = AgreementKey.Create();
        using AgreementKey answered = AgreementKey.Create();
        using PairChannel holder = offered.Agree(answered.PublicKey.Span, Pair.Transcript, ChannelRole.Holder, 7);
        SealedMessage message = holder.Seal(7, "m");
        for (int bit = 0; bit < 256; bit++)
        {
            byte[] other = [.. Pair.Transcript];
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            using PairChannel party = answered.Agree(offered.PublicKey.Span, other, ChannelRole.Party, 7);
            Assert.Equal(OpenFailure.NotAuthentic, party.Open(7, message, out _));
            Assert.NotEqual(holder.Seed(7), party.Seed(7));
        }
    }

    [Fact]
    public void Agree_BothEndsInTheSameRole_ShareNoMessageKey()
    {
        using AgreementKey offered = AgreementKey.Create();
        using AgreementKey answered = AgreementKey.Create();
        using PairChannel one = offered.Agree(answered.PublicKey.Span, Pair.Transcript, ChannelRole.Holder, 7);
        using PairChannel other = answered.Agree(offered.PublicKey.Span, Pair.Transcript, ChannelRole.Holder, 7);
        Assert.Equal(OpenFailure.NotAuthentic, other.Open(7, one.Seal(7, "m"), out _));
    }

    [Fact]
    public void Agree_EndsDifferInTheFirstRound_ShareNothing()
    {
        using AgreementKey offered = AgreementKey.Create();
        using AgreementKey answered = AgreementKey.Create();
        using PairChannel holder = offered.Agree(answered.PublicKey.Span, Pair.Transcript, ChannelRole.Holder, 7);
        using PairChannel party = answered.Agree(offered.PublicKey.Span, Pair.Transcript, ChannelRole.Party, 8);
        Assert.Equal(OpenFailure.NotAuthentic, party.Open(8, holder.Seal(7, "m"), out _));
        Assert.Equal(OpenFailure.NotAuthentic, party.Open(8, holder.Seal(8, "m"), out _));
    }

    [Fact]
    public void Agree_PointNotOnTheCurve_ThrowsArgumentException()
    {
        using AgreementKey key = AgreementKey.Create();
        using AgreementKey peer = AgreementKey.Create();
        for (int index = 1; index < AgreementKey.PublicKeySize; index++)
        {
            byte[] altered = peer.PublicKey.ToArray();
            altered[index] ^= 0x01;
            Assert.Throws<ArgumentException>("publicKey", () => Agree(key, altered));
        }
    }

    [Fact]
    public void Agree_MalformedEncoding_ThrowsArgumentException()
    {
        using AgreementKey key = AgreementKey.Create();
        using AgreementKey peer = AgreementKey.Create();
        byte[] point = peer.PublicKey.ToArray();
        byte[][] malformed =
        [
            [],
            [0],
            new byte[65],
            [0x04, .. new byte[64]],
            point[..^1],
            [.. point, 0],
            [(byte)(0x02 | (point[^1] & 1)), .. point[1..33]],
            [(byte)(0x06 | (point[^1] & 1)), .. point[1..]],
            [0x04, .. Enumerable.Repeat((byte)0xFF, 64)],
        ];
        foreach (byte[] bytes in malformed)
        {
            Assert.Throws<ArgumentException>("publicKey", () => Agree(key, bytes));
        }
    }

    [Fact]
    public void Agree_CoordinateNotReducedModuloThePrime_ThrowsArgumentException()
    {
        // The curve has a point with x = 0: y = sqrt(b). Writing x as p gives a second encoding of it, which must not pass.
        byte[] curveB = Convert.FromHexString("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
        var b = new BigInteger(curveB, isUnsigned: true, isBigEndian: true);
        byte[] y = Coordinate(BigInteger.ModPow(b, (Prime + 1) / 4, Prime));
        using AgreementKey key = AgreementKey.Create();
        Agree(key, [0x04, .. Coordinate(0), .. y]);
        Assert.Throws<ArgumentException>("publicKey", () => Agree(key, [0x04, .. Coordinate(Prime), .. y]));
    }

    [Fact]
    public void Agree_OwnKeyReflected_ThrowsArgumentException()
    {
        using AgreementKey key = AgreementKey.Create();
        Assert.Throws<ArgumentException>("peerPublicKey", () => Agree(key, key.PublicKey.ToArray()));
    }

    [Fact]
    public void Agree_WrongTranscriptSizeOrRole_ThrowsArgumentException()
    {
        using AgreementKey key = AgreementKey.Create();
        using AgreementKey peer = AgreementKey.Create();
        Assert.Throws<ArgumentException>("transcriptHash", () => key.Agree(peer.PublicKey.Span, new byte[31], ChannelRole.Holder, 1));
        Assert.Throws<ArgumentException>("transcriptHash", () => key.Agree(peer.PublicKey.Span, [], ChannelRole.Holder, 1));
        Assert.Throws<ArgumentOutOfRangeException>("role", () => key.Agree(peer.PublicKey.Span, Pair.Transcript, (ChannelRole)2, 1));
    }

    [Fact]
    public async Task Agree_ManyThreadsAtOnce_AllAgree()
    {
        using AgreementKey offered = AgreementKey.Create();
        byte[][] seeds = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() =>
        {
            using AgreementKey answered = AgreementKey.Create();
            using PairChannel holder = offered.Agree(answered.PublicKey.Span, Pair.Transcript, ChannelRole.Holder, 7);
            using PairChannel party = answered.Agree(offered.PublicKey.Span, Pair.Transcript, ChannelRole.Party, 7);
            Assert.Equal(holder.Seed(7), party.Seed(7));
            return holder.Seed(7);
        })));
        Assert.Equal(16, seeds.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public void Dispose_ChannelsLiveOnAndTheKeyAgreesNoMore()
    {
        AgreementKey key = AgreementKey.Create();
        using AgreementKey peer = AgreementKey.Create();
        using PairChannel channel = key.Agree(peer.PublicKey.Span, Pair.Transcript, ChannelRole.Holder, 7);
        key.Dispose();
        Assert.Equal(1UL, channel.Seal(7, "m").Sequence);
        Assert.Throws<ObjectDisposedException>(() => Agree(key, peer.PublicKey.ToArray()));
        Assert.Equal("AgreementKey(redacted)", key.ToString());
    }

    private static void Agree(AgreementKey key, byte[] peer) =>
        key.Agree(peer, Pair.Transcript, ChannelRole.Holder, 1).Dispose();

    private static byte[] Coordinate(BigInteger value)
    {
        byte[] bytes = value.ToByteArray(isUnsigned: true, isBigEndian: true);
        return [.. new byte[32 - bytes.Length], .. bytes];
    }
}
