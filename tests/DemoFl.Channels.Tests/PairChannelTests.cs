using System.Security.Cryptography;

namespace DemoFl.Channels.Tests;

public sealed class PairChannelTests
{
    [Fact]
    public void TryOpen_AuthenticMessage_GivesThePlaintextBothWays()
    {
        using Pair pair = Pair.Open();
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, pair.Holder.Seal(7, "down"), out byte[] down));
        Assert.Equal(OpenFailure.None, pair.Holder.Open(7, pair.Party.Seal(7, "up"), out byte[] up));
        Assert.Equal(Pair.Text("down"), down);
        Assert.Equal(Pair.Text("up"), up);
    }

    [Fact]
    public void TryOpen_EmptyAndLongestMessage_GivesThePlaintext()
    {
        using Pair pair = Pair.Open();
        byte[] longest = RandomNumberGenerator.GetBytes(PairChannel.MaxPlaintextSize);
        foreach (byte[] sent in (byte[][])[[], longest])
        {
            SealedMessage message = pair.Holder.Seal(7, Pair.Context, sent);
            Assert.Equal(sent.Length + PairChannel.Overhead, message.Ciphertext.Length);
            Assert.Equal(OpenFailure.None, pair.Party.Open(7, message, out byte[] received));
            Assert.True(sent.AsSpan().SequenceEqual(received));
        }
    }

    [Fact]
    public void TryOpen_OwnMessageReflected_IsNotAuthentic()
    {
        using Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(7, "down");
        Assert.Equal(OpenFailure.NotAuthentic, pair.Holder.Open(7, message, out byte[] plaintext));
        Assert.Empty(plaintext);
    }

    [Fact]
    public void Seal_SamePlaintextAndSequence_DiffersByDirectionAndRound()
    {
        using Pair pair = Pair.Open();
        using Pair again = Pair.Open();
        byte[] down = pair.Holder.Seal(7, "same").Ciphertext;
        byte[] up = pair.Party.Seal(7, "same").Ciphertext;
        byte[] nextRound = again.Holder.Seal(8, "same").Ciphertext;
        Assert.NotEqual(down[..4], up[..4]);
        Assert.NotEqual(down[..4], nextRound[..4]);
    }

    [Fact]
    public void Seal_TwiceTheSamePlaintext_NeverRepeatsASequenceNumberOrCiphertext()
    {
        using Pair pair = Pair.Open();
        SealedMessage[] messages = [.. Enumerable.Range(0, 50).Select(index => pair.Holder.Seal(7 + ((ulong)index / 10), "same"))];
        Assert.Equal(Enumerable.Range(1, 50).Select(sequence => (ulong)sequence), messages.Select(message => message.Sequence));
        Assert.Equal(50, messages.Select(message => Convert.ToHexString(message.Ciphertext)).Distinct().Count());
    }

    [Fact]
    public void TryOpen_SameMessageTwice_IsReplayed()
    {
        using Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(7, "once");
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, message, out _));
        Assert.Equal(OpenFailure.Replayed, pair.Party.Open(7, message, out byte[] plaintext));
        Assert.Empty(plaintext);
    }

    [Fact]
    public void TryOpen_OvertakenMessage_IsReplayedAndGapsAreAllowed()
    {
        using Pair pair = Pair.Open();
        SealedMessage[] sent = [.. Enumerable.Range(0, 4).Select(_ => pair.Holder.Seal(7, "m"))];
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, sent[1], out _));
        Assert.Equal(OpenFailure.Replayed, pair.Party.Open(7, sent[0], out _));
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, sent[3], out _));
        Assert.Equal(OpenFailure.Replayed, pair.Party.Open(7, sent[2], out _));
    }

    [Fact]
    public void TryOpen_AnyByteOfTheCiphertextAltered_IsNotAuthenticAndChangesNothing()
    {
        using Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(7, "a message of some length");
        for (int index = 0; index < message.Ciphertext.Length; index++)
        {
            byte[] altered = [.. message.Ciphertext];
            altered[index] ^= (byte)(1 << (index % 8));
            Assert.Equal(OpenFailure.NotAuthentic, pair.Party.Open(7, message with { Ciphertext = altered }, out byte[] plaintext));
            Assert.Empty(plaintext);
        }

        Assert.Equal(OpenFailure.None, pair.Party.Open(7, message, out _));
    }

    [Fact]
    public void TryOpen_AnyLengthOtherThanTheSealedOne_IsNotAuthentic()
    {
        using Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(7, "short");
        for (int length = 0; length < message.Ciphertext.Length; length++)
        {
            Assert.Equal(OpenFailure.NotAuthentic, pair.Party.Open(7, message with { Ciphertext = message.Ciphertext[..length] }, out _));
        }

        byte[] oversized = new byte[PairChannel.MaxPlaintextSize + PairChannel.Overhead + 1];
        Assert.Equal(OpenFailure.NotAuthentic, pair.Party.Open(7, message with { Ciphertext = oversized }, out _));
        Assert.Equal(OpenFailure.NotAuthentic, pair.Party.Open(7, message with { Ciphertext = [.. message.Ciphertext, 0] }, out _));
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, message, out _));
    }

    [Fact]
    public void TryOpen_AnyBitOfTheContextAltered_IsNotAuthentic()
    {
        using Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(7, "bound");
        for (int bit = 0; bit < 8 * Pair.Context.Length; bit++)
        {
            byte[] moved = [.. Pair.Context];
            moved[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Equal(OpenFailure.NotAuthentic, pair.Party.TryOpen(7, message.Sequence, moved, message.Ciphertext, out _));
        }

        foreach (byte[] moved in (byte[][])[[], Pair.Context[..^1], [.. Pair.Context, 0]])
        {
            Assert.Equal(OpenFailure.NotAuthentic, pair.Party.TryOpen(7, message.Sequence, moved, message.Ciphertext, out _));
        }

        Assert.Equal(OpenFailure.None, pair.Party.Open(7, message, out _));
    }

    [Fact]
    public void TryOpen_SequenceAltered_IsNotAuthenticAndSpendsNothing()
    {
        using Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(7, "first");
        foreach (ulong sequence in (ulong[])[2, 3, 1UL << 32, (1UL << 63) - 1, 1UL << 63, ulong.MaxValue])
        {
            Assert.Equal(OpenFailure.NotAuthentic, pair.Party.Open(7, message with { Sequence = sequence }, out _));
        }

        Assert.Equal(OpenFailure.Replayed, pair.Party.Open(7, message with { Sequence = 0 }, out _));
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, message, out _));
    }

    [Fact]
    public void TryOpen_RoundAltered_IsNotAuthenticAndTheRatchetStaysWhereItWas()
    {
        using Pair pair = Pair.Open();
        SealedMessage message = pair.Holder.Seal(8, "for round 8");
        foreach (ulong round in (ulong[])[7, 9, 7 + PairChannel.MaxSkippedRounds])
        {
            Assert.Equal(OpenFailure.NotAuthentic, pair.Party.Open(round, message, out _));
        }

        Assert.Equal(7UL, pair.Party.Round);
        Assert.Equal(OpenFailure.None, pair.Party.Open(8, message, out _));
    }

    [Fact]
    public void Seal_LastSequenceNumberSpent_Throws()
    {
        using Pair pair = Pair.Open(lastSealed: (1UL << 63) - 2);
        SealedMessage last = pair.Holder.Seal(7, "last");
        Assert.Equal((1UL << 63) - 1, last.Sequence);
        Assert.Throws<InvalidOperationException>(() => pair.Holder.Seal(7, "one too many"));
        Assert.Equal(OpenFailure.None, pair.Party.Open(7, last, out _));
    }

    [Fact]
    public void SealAndDeriveSeed_LengthsOutOfRange_Throw()
    {
        using Pair pair = Pair.Open();
        byte[] longContext = new byte[PairChannel.MaxContextSize + 1];
        Assert.Throws<ArgumentException>(() => pair.Holder.Seal(7, longContext, []));
        Assert.Throws<ArgumentException>(() => pair.Holder.Seal(7, [], new byte[PairChannel.MaxPlaintextSize + 1]));
        Assert.Throws<ArgumentException>(() => pair.Holder.TryOpen(7, 1, longContext, new byte[16], out _));
        Assert.Throws<ArgumentException>(() => pair.Holder.DeriveSeed(7, longContext, new byte[32]));
        Assert.Throws<ArgumentException>(() => pair.Holder.DeriveSeed(7, [], []));
        Assert.Throws<ArgumentException>(() => pair.Holder.DeriveSeed(7, [], new byte[8161]));
        pair.Holder.DeriveSeed(7, new byte[PairChannel.MaxContextSize], new byte[8160]);
        Assert.Equal(1UL, pair.Holder.Seal(7, "no number was spent").Sequence);
    }

    [Fact]
    public void ToString_OfAChannel_HoldsNoKey()
    {
        using Pair pair = Pair.Open();
        Assert.Equal("PairChannel(Holder, from round 7, keys redacted)", pair.Holder.ToString());
    }
}
