using System.Collections.Concurrent;

namespace DemoFl.Node.Tests;

/// <summary>Arithmetic of seconds leaves the pool's threads to messages.</summary>
public sealed class HeavyWorkTests
{
    [Fact]
    public async Task RunAsync_Always_KeepsOffThePool() =>
        Assert.False(await HeavyWork.RunAsync(() => Thread.CurrentThread.IsThreadPoolThread, CancellationToken.None));

    [Fact]
    public async Task RunAsync_MoreThanTheMachineHasProcessors_TakesTurns()
    {
        var running = new ConcurrentDictionary<int, int>();
        int most = 0;
        using var hold = new ManualResetEventSlim();
        var work = Enumerable.Range(0, (2 * Environment.ProcessorCount) + 1).Select(i => HeavyWork.RunAsync(() =>
        {
            running[i] = i;
            InterlockedMax(ref most, running.Count);
            hold.Wait();
            running.TryRemove(i, out _);
        }, CancellationToken.None)).ToArray();

        hold.Set();
        await Task.WhenAll(work);

        Assert.InRange(most, 1, Environment.ProcessorCount);
    }

    [Fact]
    public async Task RunAsync_WorkThatFails_FailsTheSame() =>
        await Assert.ThrowsAsync<InvalidDataException>(() => HeavyWork.RunAsync<int>(() => throw new InvalidDataException(), CancellationToken.None));

    [Fact]
    public async Task RunAsync_WorkThatIsCancelled_IsCancelled() => await Assert.ThrowsAnyAsync<OperationCanceledException>(
        () => HeavyWork.RunAsync<int>(() => throw new OperationCanceledException(), CancellationToken.None));

    private static void InterlockedMax(ref int most, int now)
    {
        for (int seen = most; now > seen; seen = most)
        {
            Interlocked.CompareExchange(ref most, now, seen);
        }
    }
}
