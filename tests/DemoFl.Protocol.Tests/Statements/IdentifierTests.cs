namespace DemoFl.Protocol.Tests.Statements;

public class IdentifierTests
{
    [Fact]
    public void Hash256_AnyBytes_AreWrittenBackAndOrderedAsBytes()
    {
        var draw = new Random(1);
        for (int i = 0; i < 1000; i++)
        {
            byte[] left = new byte[32], right = new byte[32];
            draw.NextBytes(left);
            left.CopyTo(right, 0);
            right[draw.Next(32)] = (byte)draw.Next(256);
            Assert.Equal(left, new Hash256(left).ToArray());
            Assert.Equal(Math.Sign(left.AsSpan().SequenceCompareTo(right)), Math.Sign(new Hash256(left).CompareTo(new Hash256(right))));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void Hash256_AnotherLength_IsRefused(int length) => Assert.Throws<ArgumentException>(() => new Hash256(new byte[length]));

    [Fact]
    public void Nonce_Printed_DoesNotShowItself()
    {
        var nonce = new Nonce(Known.Fill(0xC1));
        var spoken = Some.Announcement(1, nonce);
        Assert.DoesNotContain("c1c1", $"{nonce} {spoken}", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void VectorKeeper_ManyNonces_SpreadsEvenlyOverTheSlots()
    {
        var kept = Enumerable.Range(0, 3000).CountBy(i => VectorKeeper.Of(Some.Nonce(i), 3).Index).ToDictionary();
        Assert.Equal(3, kept.Count);
        Assert.All(kept.Values, k => Assert.InRange(k, 900, 1100));
    }

    [Fact]
    public void TermAndRound_AtTheEnd_DoNotStartAgain()
    {
        Assert.Throws<OverflowException>(() => new Term(ulong.MaxValue).Next);
        Assert.Throws<OverflowException>(() => new Round(ulong.MaxValue).Next);
    }

    [Fact]
    public void SplitMix64_SeedOfThePublication_GivesTheKnownSequence()
    {
        // The reference implementation of Steele, Lea and Flood for the seed 1234567.
        var generator = new SplitMix64(1234567);
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423], Enumerable.Range(0, 3).Select(_ => generator.Next()));
    }

    [Fact]
    public void Below_AnyBound_IsUniformAndDrawsEveryElementOnce()
    {
        var generator = new SplitMix64(1);
        var counts = Enumerable.Range(0, 7000).CountBy(_ => generator.Below(7)).ToDictionary();
        Assert.All(Enumerable.Range(0, 7), i => Assert.InRange(counts[i], 850, 1150));
        Assert.Equal(Enumerable.Range(0, 20), generator.Draw([.. Enumerable.Range(0, 20)], 20).Order());
    }
}
