namespace DemoFl.Sharing.Tests;

public sealed class LanesTests
{
    [Fact]
    public void ToVector_Lanes_KeepTheirOrderAndUnits()
    {
        var vector = new Lanes(1, 2, 3.25, 4, 5).ToVector();
        Assert.Equal(RingWidth.Bits64, vector.Ring);
        Assert.Equal([1, 2, (3L << 20) + (1 << 18), 4, 5], Enumerable.Range(0, Lanes.Count).Select(vector.SignedAt));
    }

    [Fact]
    public void FromTotals_SumOfParties_GivesTheSums()
    {
        var sum = new Lanes(1, 2, 3.25, 4, 5).ToVector();
        sum.Add(new Lanes(10, 20, -30.5, 40, 50).ToVector());
        Assert.Equal(new Lanes(11, 22, -27.25, 44, 55), Lanes.FromTotals(sum));
    }

    [Fact]
    public void FromTotals_MostPartiesAtTheMaximum_DoNotOverflow()
    {
        const ulong Most = (ulong)Lanes.MaxMagnitude;
        var sum = new Lanes(Most, Most, double.MaxValue, Most, Most).ToVector();
        for (var doubled = 1; doubled < Encoding.MaxPartiesLimit; doubled *= 2)
            sum.Add(sum);
        var totals = Lanes.FromTotals(sum);
        Assert.Equal(Most * Encoding.MaxPartiesLimit, totals.SampleCount);
        Assert.Equal(Most * Encoding.MaxPartiesLimit, totals.Evaluated);
        Assert.Equal((double)Lanes.MaxMagnitude * Encoding.MaxPartiesLimit / (1 << Lanes.LossFractionBits), totals.LossSum);
    }

    [Theory]
    [InlineData(double.PositiveInfinity, Lanes.MaxMagnitude)]
    [InlineData(double.NegativeInfinity, -Lanes.MaxMagnitude)]
    [InlineData(134_217_728.0, Lanes.MaxMagnitude)]
    [InlineData(134_217_727.0, 134_217_727L << 20)]
    [InlineData(1e-7, 0)]
    [InlineData(-9e-7, -1)]
    public void ToVector_Loss_IsRoundedAndClamped(double loss, long units) =>
        Assert.Equal(units, new Lanes(1, 0, loss, 0, 1).ToVector().SignedAt(2));

    [Fact]
    public void ToVector_LossNotANumber_ThrowsNamingTheLane()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new Lanes(1, 0, double.NaN, 0, 1).ToVector());
        Assert.Contains("LossSum", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToVector_CountBeyondMaximum_ThrowsNamingTheLaneNotTheValue()
    {
        var refusal = Assert.Throws<ArgumentException>(() => new Lanes(1, 0, 0, (ulong)Lanes.MaxMagnitude + 1, 1).ToVector());
        Assert.Contains("Correct", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("140737488355328", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void FromTotals_LaneNoPartiesCanReach_Throws(int lane)
    {
        var sum = new RingVector(RingWidth.Bits64, Lanes.Count);
        sum.SetAt(lane, long.MinValue + 5);
        Assert.Throws<InvalidDataException>(() => Lanes.FromTotals(sum));
    }

    [Fact]
    public void FromTotals_OtherShape_Throws()
    {
        Assert.Throws<ArgumentException>(() => Lanes.FromTotals(new RingVector(RingWidth.Bits32, Lanes.Count)));
        Assert.Throws<ArgumentException>(() => Lanes.FromTotals(new RingVector(RingWidth.Bits64, Lanes.Count - 1)));
    }

    [Fact]
    public void ToString_Lanes_AreRedacted() => Assert.Equal("Lanes(redacted)", new Lanes(11, 22, 33, 44, 55).ToString());
}
