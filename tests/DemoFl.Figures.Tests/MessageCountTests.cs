using DemoFl.Figures.Messages;
using DemoFl.Protocol;

namespace DemoFl.Figures.Tests;

public class MessageCountTests
{
    [Theory]
    [InlineData(Layout.Masked, 5, 3, 2)]
    [InlineData(Layout.Rotating, 7, 2, 1)]
    public void Run_WithoutFaults_CountsWhatTheProtocolSends(Layout layout, int n, int leaders, int rounds)
    {
        var count = MessageCount.Run(layout, n, leaders, rounds, seed: 1);

        Assert.Equal(n * rounds, count.Of(MessageKind.Model));
        Assert.Equal(n * rounds, count.Of(MessageKind.Vector));
        Assert.Equal(n * leaders * rounds, count.Of(MessageKind.Share));
        Assert.Equal(leaders * rounds, count.Of(MessageKind.Holdings));
        Assert.Equal(leaders * rounds, count.Of(MessageKind.Intersection));
        Assert.Equal(leaders * rounds, count.Of(MessageKind.Sum));
        Assert.Equal(leaders * leaders * rounds, count.Of(MessageKind.Digest));
        Assert.Equal(n * rounds, count.Of(MessageKind.Commit));
        Assert.Equal(n * leaders, count.Of(MessageKind.KeyAnswer));
        Assert.InRange(count.Of(MessageKind.Heartbeat), leaders, 20L * leaders * (rounds + 1));
        Assert.Equal(count.Formula + (n * rounds), count.Core);
    }
}
