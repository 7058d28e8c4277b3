namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>The oracle itself must be able to find a leak.</summary>
public sealed class LinearViewTests
{
    [Fact]
    public void KnownBits_SecretObserved_KnowsAllBits()
    {
        var view = new LinearView(RingWidth.Bits32, 2);
        view.Observe([1, 0]);
        Assert.Equal(32, view.KnownBits(0));
        Assert.Equal(0, view.KnownBits(1));
    }

    [Fact]
    public void KnownBits_OddMultipleObserved_KnowsAllBits()
    {
        var view = new LinearView(RingWidth.Bits64, 1);
        view.Observe([7]);
        Assert.Equal(64, view.KnownBits(0));
    }

    [Fact]
    public void KnownBits_SumAndDifferenceObserved_KnowsAllButTheTopBit()
    {
        var view = new LinearView(RingWidth.Bits16, 2);
        view.Observe([1, 1]);
        view.Observe([1, ulong.MaxValue]);
        Assert.Equal(15, view.KnownBits(0));
        Assert.Equal(15, view.KnownBits(1));
    }

    [Fact]
    public void KnownBits_MaskedByEvenMultiple_KnowsTheBitsThatTheMaskMisses()
    {
        // q + 4 m: the low two bits of q show.
        var view = new LinearView(RingWidth.Bits32, 2);
        view.Observe([1, 4]);
        Assert.Equal(2, view.KnownBits(0));
    }

    [Fact]
    public void KnownBits_OneTimePad_KnowsNothing()
    {
        var view = new LinearView(RingWidth.Bits32, 2);
        view.Observe([1, 1]);
        Assert.Equal(0, view.KnownBits(0));
    }

    [Fact]
    public void KnownBits_TwoTimePad_KnowsTheDifference()
    {
        var view = new LinearView(RingWidth.Bits32, 3);
        view.Observe([1, 0, 1]);
        view.Observe([0, 1, 1]);
        Assert.Equal(0, view.KnownBits(0));
        var difference = Assert.Single(view.Known(0, 1));
        Assert.Equal(0u, (uint)(difference[0] + difference[1]));
    }
}
