using DemoFl.Node.Rounds;
using DemoFl.Protocol;
using Envelope = DemoFl.V1.Envelope;

namespace DemoFl.Node.Tests.Rounds;

/// <summary>Rotating layout: when a vector goes to a holder that took the keeper's slot in mid-round. That it arrives is the federations' to show.</summary>
public sealed class KeeperDeliveryTests : IDisposable
{
    private static readonly Slot Keeper = new(1);

    private readonly KeeperDelivery _delivery = new(null!, null!, Keeper, default);

    /// <summary>The answer that makes the holder's keys goes by another way, and may be slower.</summary>
    [Fact]
    public async Task Send_ToANewHolder_WaitsUntilItHasConfirmedItsKeys()
    {
        var sending = SendAsync();
        Assert.False(sending.IsCompleted);
        _delivery.Confirm(new Slot(0));
        Assert.False(sending.IsCompleted);
        _delivery.Confirm(Keeper);

        // Past the wait it meets the connection, which is none here.
        await Assert.ThrowsAsync<NullReferenceException>(() => sending);
    }

    [Fact]
    public async Task Send_GivenUpMeanwhile_SendsNothing()
    {
        var sending = SendAsync();
        _delivery.GiveUp();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    public void Dispose() => _delivery.Dispose();

    private Task SendAsync() => _delivery.SendAsync(null!, null!, new Envelope(), CancellationToken.None);
}
