using DemoFl.Sharing.Paper;
using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests.Paper;

/// <summary>DemoFL and SOFL, Algorithm 1: the shares add up, and each of them is the secret times a number.</summary>
public sealed class ScalarSplitTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(15)]
    public void Split_AnyNumberOfShares_AddsUpToTheUpdate(int shares)
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var update = Update(seed);
            var split = ScalarSplit.Split(update, shares, new SeededRounding(seed));
            Assert.Equal(shares, split.Length);
            for (var i = 0; i < update.Length; i++)
                Assert.Equal(update[i], split.Sum(share => (double)share[i]), 1e-6 * Math.Abs(update[i]));
        }
    }

    [Fact]
    public void Split_EachShare_IsTheUpdateTimesOnePositiveScalar()
    {
        var update = Update(1);
        foreach (var share in ScalarSplit.Split(update, 3, new SeededRounding(1)))
        {
            var scalar = share[0] / (double)update[0];
            Assert.InRange(scalar, 1e-6, 1 - 1e-6);
            for (var i = 0; i < update.Length; i++)
                Assert.Equal(scalar * update[i], share[i], 1e-6 * Math.Abs(update[i]));
        }
    }

    [Fact]
    public void Split_OtherRandomness_GivesOtherScalars()
    {
        var update = Update(1);
        Assert.NotEqual(ScalarSplit.Split(update, 3, new SeededRounding(1))[0], ScalarSplit.Split(update, 3, new SeededRounding(2))[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(ScalarSplit.MaxShares + 1)]
    public void Split_NumberOfSharesOutOfRange_IsRefused(int shares) =>
        Assert.Throws<ArgumentOutOfRangeException>(nameof(shares), () => ScalarSplit.Split(new float[3], shares, new SeededRounding(1)));

    private static float[] Update(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 50).Select(_ => (float)(random.NextDouble() - 0.5))];
    }
}
