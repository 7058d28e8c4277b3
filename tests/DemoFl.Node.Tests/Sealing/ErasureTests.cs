using DemoFl.Protocol;

namespace DemoFl.Node.Tests.Sealing;

/// <summary>When keys end: with their round, with their leader set, with the node.</summary>
public sealed class ErasureTests : IDisposable
{
    private readonly Circle _circle = new Circle().Agree();

    [Fact]
    public void CloseRound_ConfirmedChannel_ErasesTheRoundsKeys()
    {
        var late = _circle.FromParty(SealedKind.Announcement);
        var last = _circle.FromParty(SealedKind.Announcement);
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, late).Objection);

        _circle.Holder.Book.CloseRound(Circle.FirstRound);

        Assert.Contains("WrongRound", _circle.Holder.Book.Open(_circle.Party.Id, last).Objection, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(
            () => _circle.Holder.Book.SeedOfParty(_circle.Party.Id, Some.Spec(Circle.FirstRound.Value), _circle.Leaders, Some.Nonce()));
    }

    [Fact]
    public void CloseRound_ConfirmedChannel_OpensTheNextRound()
    {
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, _circle.FromParty(SealedKind.Announcement)).Objection);
        _circle.Holder.Book.CloseRound(Circle.FirstRound);

        var next = _circle.FromParty(SealedKind.Announcement, round: Circle.FirstRound.Next);

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, next).Objection);
    }

    [Fact]
    public void CloseRound_FirstMessageStillUnderWay_KeepsItsKeys()
    {
        var first = _circle.FromParty(SealedKind.Confirm);

        _circle.Holder.Book.CloseRound(Circle.FirstRound);

        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, first).Objection);
    }

    /// <summary>Beyond the ratchet's reach there is nothing to say: no exception, no old keys.</summary>
    [Fact]
    public void CloseRound_BeyondTheRatchetsReach_ErasesTheChannel()
    {
        Assert.Null(_circle.Holder.Book.Open(_circle.Party.Id, _circle.FromParty(SealedKind.Confirm)).Objection);
        _circle.Holder.Book.CloseRound(new Round(Circle.FirstRound.Value + Channels.PairChannel.MaxSkippedRounds + 1));
        Assert.True(_circle.Holder.Book.KeyOf(_circle.Party.Id).IsEmpty);
        Assert.Null(_circle.Holder.Book.SealToParty(_circle.Party.Id, SealedKind.Acknowledgement, Circle.FirstRound, default, []));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_000_000)]
    public void Seal_ForARoundOutOfReach_GoesNowhere(ulong round) =>
        Assert.Null(_circle.Party.Book.SealToHolder(new Slot(0), SealedKind.Announcement, new Round(round), default, [1]));

    [Fact]
    public void Seat_ForOtherLeaders_LeavesNoChannel()
    {
        var before = _circle.FromParty(SealedKind.Announcement);

        _circle.Holder.Book.Seat(_circle.Seat(new Term(3)), roundIsOpen: false);

        AssertEmpty(_circle.Holder);
        Assert.Contains("no channel", _circle.Holder.Book.Open(_circle.Party.Id, before).Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void Dispose_LeavesNoChannel()
    {
        _circle.Holder.Book.Dispose();

        AssertEmpty(_circle.Holder);
    }

    public void Dispose() => _circle.Dispose();

    private void AssertEmpty(Peer peer)
    {
        Assert.Null(peer.Book.SealToHolder(new Slot(0), SealedKind.Announcement, Circle.FirstRound, default, []));
        Assert.Null(peer.Book.SealToParty(_circle.Party.Id, SealedKind.Acknowledgement, Circle.FirstRound, default, []));
        Assert.True(peer.Book.KeyOf(_circle.Party.Id).IsEmpty);
        Assert.Throws<InvalidOperationException>(() => peer.Book.SeedForSlot(new Slot(0), Some.Spec(), _circle.Leaders, Some.Nonce()));
    }
}
