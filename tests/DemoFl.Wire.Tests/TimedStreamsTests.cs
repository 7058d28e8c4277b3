using Grpc.Core;

namespace DemoFl.Wire.Tests;

/// <summary>Nothing waits without a deadline (liveness L2), and who cancels is told so and not that a peer was slow.</summary>
public sealed class TimedStreamsTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task InTime_PeerThatNeverMoves_IsDeadlineExceeded()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => TimedStreams.InTimeAsync(NeverAsync, "took", Moment, CancellationToken.None));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
        Assert.Contains("took nothing", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InTime_CallThatReportsTheCancellationAsStatus_IsDeadlineExceeded()
    {
        async Task<bool> AsCancelled(CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => { }, TaskScheduler.Default);
            throw new RpcException(new Status(StatusCode.Cancelled, ""));
        }

        var failure = await Assert.ThrowsAsync<RpcException>(() => TimedStreams.InTimeAsync(AsCancelled, "sent", Moment, CancellationToken.None));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public async Task InTime_GivingUpThatCancelsTheCall_IsDeadlineExceeded()
    {
        // On a server, giving a read or write up resets the stream, and that cancels the call's own token.
        using var call = new CancellationTokenSource();
        async Task<bool> ResetAsync(CancellationToken token)
        {
            await Task.Delay(Timeout.Infinite, token).ContinueWith(_ => call.Cancel(), TaskScheduler.Default);
            throw new OperationCanceledException(token);
        }

        var failure = await Assert.ThrowsAsync<RpcException>(() => TimedStreams.InTimeAsync(ResetAsync, "took", Moment, call.Token));
        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public async Task InTime_CallerCancels_IsCancellation()
    {
        using var caller = new CancellationTokenSource();
        var waiting = TimedStreams.InTimeAsync(NeverAsync, "took", TimeSpan.FromHours(1), caller.Token);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task InTime_FailureBeforeTheDeadline_IsPassedOn()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => TimedStreams.InTimeAsync(
            _ => throw new RpcException(new Status(StatusCode.Unavailable, "gone")), "took", TimeSpan.FromHours(1), CancellationToken.None));
        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task InTime_WorkThatEnds_GivesItsResult(bool result) =>
        Assert.Equal(result, await TimedStreams.InTimeAsync(_ => Task.FromResult(result), "sent", TimeSpan.FromHours(1), CancellationToken.None));

    private static async Task<bool> NeverAsync(CancellationToken cancellation)
    {
        await Task.Delay(Timeout.Infinite, cancellation);
        return true;
    }
}
