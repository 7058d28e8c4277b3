using System.Diagnostics;
using DemoFl.Chaos.Network;

namespace DemoFl.Chaos.Tests.Network;

public sealed class HerdTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1, 0.0)]
    [InlineData(3, 0.0, 0.4, 0.9, 2.0)]
    [InlineData(4, 0.0, 5.0, 5.2, 5.4, 5.9, 7.0)]
    [InlineData(1, 0.0, 1.5, 3.0)]
    public void PeakPerSecond_OfMoments_IsTheMostWithinOneSecond(int expected, params double[] seconds) =>
        Assert.Equal(expected, Herd.PeakPerSecond([.. seconds.Select(s => (long)(s * Stopwatch.Frequency))]));
}
