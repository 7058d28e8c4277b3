using System.Security.Cryptography;
using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Rounds;

public sealed class VectorKeeperTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void Of_ManyNonces_SpreadsEvenly(int leaders)
    {
        const int Draws = 6_000;
        var counts = new int[leaders];
        Span<byte> seed = stackalloc byte[4];
        for (int i = 0; i < Draws; i++)
        {
            BitConverter.TryWriteBytes(seed, i);
            counts[VectorKeeper.Of(new Nonce(new Hash256(SHA256.HashData(seed))), leaders).Index]++;
        }

        // Five deviations of a fair draw; the nonces are fixed, so this holds always or never.
        double expected = (double)Draws / leaders;
        double slack = 5 * Math.Sqrt(expected * (1 - (1.0 / leaders)));
        Assert.All(counts, count => Assert.InRange(count, expected - slack, expected + slack));
    }

    [Fact]
    public void Of_SameNonce_IsTheSameSlotForPartyAndLeader()
    {
        var nonce = Some.Nonce();

        Assert.Equal(VectorKeeper.Of(nonce, 5), VectorKeeper.Of(new Nonce(new Hash256(nonce.Value.ToArray())), 5));
    }
}
