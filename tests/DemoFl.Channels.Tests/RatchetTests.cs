namespace DemoFl.Channels.Tests;

public sealed class RatchetTests
{
    [Fact]
    public void TryOpen_LaterRound_KeepsTheEarlierRoundsOpen()
    {
        using Pair pair = Pair.Open();
        SealedMessage later = pair.Holder.Seal(8, "round 8");
        Assert.Equal(OpenFailure.None, pair.Party.Open(8, later, out _));
        Assert.Equal(7UL, pair.Party.Round);
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, pair.Holder.Seal(7, "round 7 still"), out _));
        Assert.Equal(pair.Holder.Seed(7), pair.Party.Seed(7));
    }

    [Fact]
    public void TryOpen_FarthestRoundInReach_OpensAndOneBeyondIsTooFarAhead()
    {
        using Pair pair = Pair.Open();
        ulong farthest = Pair.FirstRound + PairChannel.MaxSkippedRounds;
        SealedMessage message = pair.Holder.Seal(farthest, "after a long sleep");
        Assert.Equal(OpenFailure.TooFarAhead, pair.Party.Open(farthest + 1, message, out _));
        Assert.Equal(OpenFailure.TooFarAhead, pair.Party.Open(ulong.MaxValue, message, out _));
        Assert.Equal(OpenFailure.None, pair.Party.Open(farthest, message, out _));
        Assert.Equal(Pair.FirstRound, pair.Party.Round);
        Assert.Equal(pair.Holder.Seed(farthest), pair.Party.Seed(farthest));
    }

    [Fact]
    public void TryOpen_ReachMovesWithTheOldestOpenRound()
    {
        using Pair pair = Pair.Open();
        ulong beyond = Pair.FirstRound + PairChannel.MaxSkippedRounds + 1;
        pair.Holder.CloseRound(7);
        SealedMessage message = pair.Holder.Seal(beyond, "m");
        Assert.Equal(OpenFailure.TooFarAhead, pair.Party.Open(beyond, message, out _));
        pair.Party.CloseRound(7);
        Assert.Equal(OpenFailure.None, pair.Party.Open(beyond, message, out _));
    }

    [Fact]
    public void CloseRound_ClosedRound_NeitherSealsNorOpensNorDerives()
    {
        using Pair pair = Pair.Open();
        SealedMessage late = pair.Holder.Seal(7, "arrives after the close");
        pair.Party.CloseRound(7);
        Assert.Equal(8UL, pair.Party.Round);
        Assert.Equal(OpenFailure.WrongRound, pair.Party.Open(7, late, out byte[] plaintext));
        Assert.Empty(plaintext);
        Assert.Throws<InvalidOperationException>(() => pair.Party.Seal(7, "m"));
        Assert.Throws<InvalidOperationException>(() => pair.Party.Seed(7));
        Assert.Equal(OpenFailure.None, pair.Party.Open(8, pair.Holder.Seal(8, "next"), out _));
    }

    [Fact]
    public void CloseRound_SeveralRoundsAtOnce_ErasesAllOfThemAndKeepsTheRest()
    {
        using Pair pair = Pair.Open();
        byte[] seed11 = pair.Party.Seed(11);
        pair.Party.CloseRound(10);
        Assert.Equal(11UL, pair.Party.Round);
        Assert.Throws<InvalidOperationException>(() => pair.Party.Seed(10));
        Assert.Equal(seed11, pair.Party.Seed(11));
        Assert.Equal(pair.Holder.Seed(12), pair.Party.Seed(12));
    }

    [Fact]
    public void CloseRound_ClosedAgain_ChangesNothing()
    {
        using Pair pair = Pair.Open();
        pair.Party.CloseRound(9);
        pair.Party.CloseRound(9);
        pair.Party.CloseRound(3);
        Assert.Equal(10UL, pair.Party.Round);
    }

    [Fact]
    public void CloseRound_OutOfReach_ThrowsAndKeepsTheKeys()
    {
        using Pair pair = Pair.Open();
        Assert.Throws<InvalidOperationException>(() => pair.Party.CloseRound(Pair.FirstRound + PairChannel.MaxSkippedRounds + 1));
        Assert.Equal(pair.Holder.Seed(7), pair.Party.Seed(7));
        pair.Party.CloseRound(Pair.FirstRound + PairChannel.MaxSkippedRounds);
        Assert.Equal(Pair.FirstRound + PairChannel.MaxSkippedRounds + 1, pair.Party.Round);
    }

    [Fact]
    public void RoundNumbers_AtTheEndOfTheirRange_NeverWrapAround()
    {
        using Pair pair = Pair.Open(firstRound: ulong.MaxValue - 1);
        SealedMessage message = pair.Holder.Seal(ulong.MaxValue, "last round");
        Assert.Equal(OpenFailure.None, pair.Party.Open(ulong.MaxValue, message, out _));
        Assert.Equal(OpenFailure.WrongRound, pair.Party.Open(0, message, out _));
        pair.Party.CloseRound(ulong.MaxValue - 1);
        Assert.Throws<InvalidOperationException>(() => pair.Party.CloseRound(ulong.MaxValue));
    }

    [Fact]
    public void SealAndDeriveSeed_OutOfReach_Throw()
    {
        using Pair pair = Pair.Open();
        ulong beyond = Pair.FirstRound + PairChannel.MaxSkippedRounds + 1;
        Assert.Throws<InvalidOperationException>(() => pair.Holder.Seal(beyond, "m"));
        Assert.Throws<InvalidOperationException>(() => pair.Holder.Seed(beyond));
        Assert.Throws<InvalidOperationException>(() => pair.Holder.Seal(6, "m"));
    }

    [Fact]
    public void DeriveSeed_OtherRoundInfoOrFirstRound_GivesUnrelatedSeeds()
    {
        using Pair pair = Pair.Open();
        using Pair shifted = Pair.Open(firstRound: 8);
        string[] seeds =
        [
            Convert.ToHexString(pair.Holder.Seed(7)),
            Convert.ToHexString(pair.Holder.Seed(8)),
            Convert.ToHexString(pair.Holder.Seed(7, "other")),
            Convert.ToHexString(pair.Holder.Seed(7, "")),
            Convert.ToHexString(shifted.Holder.Seed(8)),
        ];
        Assert.Equal(5, seeds.Distinct().Count());
    }

    [Fact]
    public void Keys_AfterCloseAndDispose_AreZeroInMemory()
    {
        var keys = new RoundKeys(1, Pair.Secret);
        keys.AdvanceTo(3);
        byte[][] held = [.. keys.Held];
        Assert.Equal(3, held.Length);
        Assert.All(held, key => Assert.Contains(key, value => value != 0));
        keys.Close(2);
        Assert.All(held[..2], key => Assert.All(key, value => Assert.Equal(0, value)));
        Assert.Contains(held[2], value => value != 0);
        keys.Dispose();
        Assert.All(held[2], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Dispose_ThenAnyUse_ThrowsObjectDisposed()
    {
        Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(7, "m");
        pair.Dispose();
        pair.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pair.Party.Open(7, message, out _));
        Assert.Throws<ObjectDisposedException>(() => pair.Party.Seal(7, "m"));
        Assert.Throws<ObjectDisposedException>(() => pair.Party.Seed(7));
        Assert.Throws<ObjectDisposedException>(() => pair.Party.CloseRound(7));
    }
}
