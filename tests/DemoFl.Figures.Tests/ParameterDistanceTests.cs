using DemoFl.Figures.Accuracy;

namespace DemoFl.Figures.Tests;

public class ParameterDistanceTests
{
    [Fact]
    public void Between_KnownDifferences_FindsTheLargestAndTheShareWithin()
    {
        var distance = ParameterDistance.Between([0f, 1f, -2f, 4f], [0.25f, 1f, -2.5f, 4f], bound: 0.25);

        Assert.Equal(4, distance.Parameters);
        Assert.Equal(0.5, distance.Largest);
        Assert.Equal(0.75, distance.ShareWithin);
    }

    [Fact]
    public void Between_NeighbouringFloats_AreNoFurtherApartThanRoundingExplains()
    {
        float one = 0.1f;
        float next = MathF.BitIncrement(one);

        var distance = ParameterDistance.Between([one, -one], [next, -next], bound: 1e-12);

        Assert.Equal((double)next - one, distance.Largest);
        Assert.Equal(0, distance.LargestBeyondFloat);
        Assert.Equal(0, distance.ShareWithin);
    }

    [Fact]
    public void Between_TwoFloatsApart_ExceedsRoundingByOne()
    {
        float one = 0.1f;
        float second = MathF.BitIncrement(MathF.BitIncrement(one));

        Assert.Equal(((double)second - one) / 2, ParameterDistance.Between([one], [second], bound: 1).LargestBeyondFloat, 15);
    }

    [Fact]
    public void Between_OtherLengths_IsRefused() => Assert.Throws<ArgumentException>(() => ParameterDistance.Between([1f], [1f, 2f], 1));
}
