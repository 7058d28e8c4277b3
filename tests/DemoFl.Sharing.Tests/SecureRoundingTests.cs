using System.Numerics;

namespace DemoFl.Sharing.Tests;

public sealed class SecureRoundingTests
{
    [Fact]
    public void Fill_TwoInstances_GiveDifferentStreams()
    {
        using var one = new SecureRounding();
        using var two = new SecureRounding();
        Assert.NotEqual(Next(one, 32), Next(two, 32));
    }

    [Fact]
    public void Fill_Twice_NeverRepeats()
    {
        using var rounding = new SecureRounding();
        Assert.NotEqual(Next(rounding, 32), Next(rounding, 32));
    }

    [Fact]
    public void Fill_ManyBytes_HasBalancedBits()
    {
        using var rounding = new SecureRounding();
        var bytes = Next(rounding, 1 << 16);
        var ones = bytes.Sum(b => BitOperations.PopCount(b));

        // 2^19 fair bits deviate by 362; nine times that happens once in 10^18 runs.
        Assert.InRange(ones, (1 << 18) - (9 * 362), (1 << 18) + (9 * 362));
    }

    [Fact]
    public void Fill_AfterDispose_Throws()
    {
        var rounding = new SecureRounding();
        rounding.Dispose();
        Assert.Throws<ObjectDisposedException>(() => rounding.Fill(new byte[4]));
    }

    private static byte[] Next(SecureRounding rounding, int length)
    {
        var bytes = new byte[length];
        rounding.Fill(bytes);
        return bytes;
    }
}
