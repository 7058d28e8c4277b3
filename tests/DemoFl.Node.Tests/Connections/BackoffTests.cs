using DemoFl.Node.Connections;

namespace DemoFl.Node.Tests.Connections;

public sealed class BackoffTests
{
    [Theory]
    [InlineData(1, 400)]
    [InlineData(2, 800)]
    [InlineData(4, 3_200)]
    [InlineData(5, 5_000)]
    [InlineData(1_000_000, 5_000)]
    public void Delay_AnyAttempt_StaysWithinItsBounds(int attempt, int ceilingMs)
    {
        for (int i = 0; i < 200; i++)
        {
            Assert.InRange(Backoff.Delay(attempt), TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(ceilingMs));
        }
    }

    [Fact]
    public void Delay_ManyNodes_AreSpread() =>
        Assert.True(Enumerable.Range(0, 100).Select(_ => Backoff.Delay(5)).Distinct().Count() > 50);
}
