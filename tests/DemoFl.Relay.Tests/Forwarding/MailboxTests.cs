using System.Threading.Channels;
using DemoFl.Relay.Forwarding;
using DemoFl.Relay.Tests.Fixtures;
using DemoFl.V1;
using DemoFl.Wire;
using Google.Protobuf;

namespace DemoFl.Relay.Tests.Forwarding;

public sealed class MailboxTests
{
    private readonly Mailbox _mailbox = new();

    [Fact]
    public async Task TakeAsync_WithShortAndBulk_GivesShortFirstEachInOrder()
    {
        await _mailbox.PostBulkAsync(Numbered(10), default);
        await _mailbox.PostBulkAsync(Numbered(11), default);
        Assert.True(_mailbox.TryPost(Numbered(1)));
        Assert.True(_mailbox.TryPost(Numbered(2)));

        int[] taken = [await TakeAsync(), await TakeAsync(), await TakeAsync(), await TakeAsync()];
        Assert.Equal([1, 2, 10, 11], taken);
    }

    [Fact]
    public async Task TakeAsync_WhileItWaits_WakesForEitherKind()
    {
        for (byte i = 0; i < 10; i += 2)
        {
            var waiting = TakeAsync();
            Assert.False(waiting.IsCompleted);
            _mailbox.TryPost(Numbered(i));
            Assert.Equal(i, await waiting);
            waiting = TakeAsync();
            Assert.False(waiting.IsCompleted);
            await _mailbox.PostBulkAsync(Numbered((byte)(i + 1)), default);
            Assert.Equal(i + 1, await waiting);
        }
    }

    [Fact]
    public void TryPost_BeyondTheLimit_IsFalse()
    {
        for (int i = 0; i < Mailbox.MaxShort; i++)
        {
            Assert.True(_mailbox.TryPost(Numbered(0)));
        }

        Assert.False(_mailbox.TryPost(Numbered(0)));
    }

    [Fact]
    public async Task TryPost_OfLargeEnvelopes_IsBoundedInBytes()
    {
        var large = new Envelope { Content = ByteString.CopyFrom(new byte[WireLimits.MaxLinkEnvelopeBytes]) };
        int most = (int)(Mailbox.MaxShortBytes / WireLimits.MaxLinkEnvelopeBytes);
        for (int i = 0; i < most; i++)
        {
            Assert.True(_mailbox.TryPost(large));
        }

        Assert.False(_mailbox.TryPost(large));
        Assert.NotNull(await _mailbox.TakeAsync(default));
        Assert.True(_mailbox.TryPost(large));
    }

    [Fact]
    public async Task PostBulkAsync_BeyondTheLimit_WaitsForRoom()
    {
        for (int i = 0; i < Mailbox.MaxBulk; i++)
        {
            Assert.True(PostBulkAsync(0).IsCompletedSuccessfully);
        }

        var waiting = PostBulkAsync(1);
        Assert.False(waiting.IsCompleted);
        Assert.True(_mailbox.TryPost(Numbered(2)));
        Assert.Equal(2, await TakeAsync());
        Assert.False(waiting.IsCompleted);
        await TakeAsync();
        await waiting;
    }

    [Fact]
    public async Task PostBulkAsync_GivenUp_LeavesNothingBehind()
    {
        for (int i = 0; i < Mailbox.MaxBulk; i++)
        {
            await _mailbox.PostBulkAsync(Numbered(0), default);
        }

        using var patience = new CancellationTokenSource();
        var waiting = PostBulkAsync(1, patience.Token);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        for (int i = 0; i < Mailbox.MaxBulk; i++)
        {
            Assert.Equal(0, await TakeAsync());
        }

        Assert.False(TakeAsync().IsCompleted);
    }

    [Fact]
    public async Task Close_Always_EndsReaderAndSenders()
    {
        for (int i = 0; i < Mailbox.MaxBulk; i++)
        {
            await _mailbox.PostBulkAsync(Numbered(0), default);
        }

        var waiting = PostBulkAsync(1);
        _mailbox.Close();
        await Assert.ThrowsAsync<ChannelClosedException>(() => waiting);
        Assert.False(_mailbox.TryPost(Numbered(2)));
        for (int i = 0; i < Mailbox.MaxBulk; i++)
        {
            Assert.Equal(0, await TakeAsync());
        }

        Assert.Null(await _mailbox.TakeAsync(default));
    }

    [Fact]
    public async Task Close_WhileTheReaderWaits_EndsIt()
    {
        var waiting = _mailbox.TakeAsync(default).AsTask();
        _mailbox.Close();
        Assert.Null(await waiting);
    }

    [Fact]
    public void Open_OfANodeThatLinksAgain_ClosesTheEarlierMailbox()
    {
        var table = new MailboxTable();
        var first = table.Open(Some.Node(1));
        var second = table.Open(Some.Node(1));
        Assert.False(first.TryPost(Numbered(0)));
        table.Close(Some.Node(1), first);
        Assert.Same(second, table.Find(Some.Node(1)));
        table.Close(Some.Node(1), second);
        Assert.Null(table.Find(Some.Node(1)));
    }

    private static Envelope Numbered(byte number) => new() { Content = ByteString.CopyFrom(number) };

    private Task PostBulkAsync(byte number, CancellationToken cancellation = default) => _mailbox.PostBulkAsync(Numbered(number), cancellation).AsTask();

    private async Task<int> TakeAsync() => (await _mailbox.TakeAsync(default))!.Content[0];
}
