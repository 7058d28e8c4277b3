namespace DemoFl.Sharing.Tests;

/// <summary>DESIGN section 13: doubled when more than 0.1 % of coordinates clip, halved when none clips for 5 rounds.</summary>
public sealed class ClipStateTests
{
    private static readonly ClipBounds Bounds = new(0.125, 2);

    [Theory]
    [InlineData(10ul, 0.5, 0)]
    [InlineData(11ul, 1.0, 0)]
    [InlineData(10_000ul, 1.0, 0)]
    [InlineData(ulong.MaxValue, 1.0, 0)]
    [InlineData(1ul, 0.5, 0)]
    [InlineData(0ul, 0.5, 4)]
    public void Next_TenThousandCoordinates_DoublesAboveTen(ulong clipped, double clip, int quiet) =>
        Assert.Equal(new ClipState(clip, quiet), new ClipState(0.5, 3).Next(clipped, 10, 1000, Bounds));

    [Theory]
    [InlineData(1ul, 999, 1.0)]
    [InlineData(1ul, 1000, 0.5)]
    [InlineData(1ul, 1999, 0.5)]
    [InlineData(2ul, 1999, 1.0)]
    public void Next_ThresholdNotWhole_ComparesExactly(ulong clipped, int dimension, double clip) =>
        Assert.Equal(clip, new ClipState(0.5, 0).Next(clipped, 1, dimension, Bounds).Clip);

    [Fact]
    public void Next_FiveQuietRounds_HalvesOnceAndCountsAnew()
    {
        var state = new ClipState(0.5, 0);
        for (var round = 1; round <= 4; round++)
        {
            state = state.Next(0, 3, 100, Bounds);
            Assert.Equal(new ClipState(0.5, round), state);
        }

        state = state.Next(0, 3, 100, Bounds);
        Assert.Equal(new ClipState(0.25, 0), state);
    }

    [Fact]
    public void Next_OneClippedCoordinate_EndsTheQuietRow() =>
        Assert.Equal(new ClipState(0.5, 0), new ClipState(0.5, 4).Next(1, 3, 1000, Bounds));

    [Fact]
    public void Next_AtTheBounds_StaysThere()
    {
        Assert.Equal(2, new ClipState(2, 0).Next(300, 3, 100, Bounds).Clip);
        Assert.Equal(2, new ClipState(1.5, 0).Next(300, 3, 100, Bounds).Clip);
        Assert.Equal(0.125, new ClipState(0.125, 4).Next(0, 3, 100, Bounds).Clip);
        Assert.Equal(0.125, new ClipState(0.2, 4).Next(0, 3, 100, Bounds).Clip);
    }

    [Fact]
    public void Next_LargestRound_DoesNotOverflow()
    {
        var coordinates = (ulong)int.MaxValue * Encoding.MaxPartiesLimit;
        Assert.Equal(1, new ClipState(0.5, 0).Next(coordinates, Encoding.MaxPartiesLimit, int.MaxValue, Bounds).Clip);
    }

    [Theory]
    [InlineData(0ul, 0, 1, 0.125, 2.0)]
    [InlineData(0ul, 1, 0, 0.125, 2.0)]
    [InlineData(0ul, 1, 1, 2.0, 1.0)]
    [InlineData(0ul, 1, 1, 0.0, 1.0)]
    [InlineData(0ul, 1, 1, 1.0, 1025.0)]
    [InlineData(0ul, 1, 1, double.NaN, 1.0)]
    public void Next_ArgumentOutOfRange_Throws(ulong clipped, int parties, int dimension, double minimum, double maximum)
    {
        var bounds = new ClipBounds(minimum, maximum);
        Assert.ThrowsAny<ArgumentException>(() => new ClipState(0.5, 0).Next(clipped, parties, dimension, bounds));
    }
}
