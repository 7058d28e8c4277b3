namespace DemoFl.Sharing.Tests;

public sealed class MaskTests
{
    [Theory]
    [InlineData(RingWidth.Bits16, 0)]
    [InlineData(RingWidth.Bits16, 2049)]
    [InlineData(RingWidth.Bits32, 1)]
    [InlineData(RingWidth.Bits32, 5000)]
    [InlineData(RingWidth.Bits64, 513)]
    public void Subtract_AfterAdd_RestoresEveryByte(RingWidth ring, int length)
    {
        var random = new Random(length);
        var vector = new RingVector(ring, length);
        var lanes = new RingVector(RingWidth.Bits64, Lanes.Count);
        random.NextBytes(vector.Bytes);
        random.NextBytes(lanes.Bytes);
        var (vectorBefore, lanesBefore) = (vector.Bytes.ToArray(), lanes.Bytes.ToArray());
        using var seed = Seed(1);

        Mask.Add(seed, vector, lanes);
        Assert.NotEqual(lanesBefore, lanes.Bytes.ToArray());
        Mask.Subtract(seed, vector, lanes);
        Assert.Equal(vectorBefore, vector.Bytes.ToArray());
        Assert.Equal(lanesBefore, lanes.Bytes.ToArray());
    }

    [Fact]
    public void Add_LongerVector_StartsWithTheShorterOnesMask()
    {
        using var seed = Seed(2);
        var (shorter, longer) = (new RingVector(RingWidth.Bits32, 1500), new RingVector(RingWidth.Bits32, 4000));
        Mask.Add(seed, shorter, NewLanes());
        Mask.Add(seed, longer, NewLanes());
        Assert.Equal(shorter.Bytes.ToArray(), longer.Bytes[..shorter.ByteLength].ToArray());
    }

    [Fact]
    public void Add_SeedsThatShareOneHalf_MaskTheOtherPartDifferently()
    {
        using var seed = Seed(3, 4);
        using var otherLanes = Seed(3, 5);
        var (vector, lanes) = (new RingVector(RingWidth.Bits64, Lanes.Count), NewLanes());
        var (vector2, lanes2) = (new RingVector(RingWidth.Bits64, Lanes.Count), NewLanes());
        Mask.Add(seed, vector, lanes);
        Mask.Add(otherLanes, vector2, lanes2);
        Assert.Equal(vector.Bytes.ToArray(), vector2.Bytes.ToArray());
        Assert.NotEqual(lanes.Bytes.ToArray(), lanes2.Bytes.ToArray());
        Assert.NotEqual(vector.Bytes.ToArray(), lanes.Bytes.ToArray());
    }

    [Fact]
    public void Add_LanesOfOtherShape_ThrowsAndLeavesTheVector()
    {
        using var seed = Seed(1);
        var vector = new RingVector(RingWidth.Bits32, 3);
        Assert.Throws<ArgumentException>(() => Mask.Add(seed, vector, new RingVector(RingWidth.Bits32, Lanes.Count)));
        Assert.Throws<ArgumentException>(() => Mask.Subtract(seed, vector, new RingVector(RingWidth.Bits64, Lanes.Count + 1)));
        Assert.All(vector.Bytes.ToArray(), b => Assert.Equal(0, b));
    }

    [Fact]
    public void Add_DisposedSeed_Throws()
    {
        var seed = Seed(1);
        seed.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Mask.Add(seed, new RingVector(RingWidth.Bits32, 3), NewLanes()));
    }

    [Fact]
    public void Dispose_Seed_ClearsItsKeys()
    {
        var seed = Seed(7);
        var vectorKey = seed.VectorKey;
        var lanesKey = seed.LanesKey;
        Assert.Contains((byte)7, vectorKey.ToArray());
        seed.Dispose();
        Assert.All(vectorKey.ToArray().Concat(lanesKey.ToArray()), b => Assert.Equal(0, b));
    }

    [Fact]
    public void ToString_Seed_IsRedacted()
    {
        using var seed = Seed(7);
        Assert.Equal("MaskSeed(redacted)", seed.ToString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void MaskSeed_OtherLength_Throws(int length) => Assert.Throws<ArgumentException>(() => new MaskSeed(new byte[length]));

    private static RingVector NewLanes() => new(RingWidth.Bits64, Lanes.Count);

    private static MaskSeed Seed(byte fill, byte? lanesFill = null)
    {
        var bytes = new byte[MaskSeed.Size];
        bytes.AsSpan(0, 16).Fill(fill);
        bytes.AsSpan(16).Fill(lanesFill ?? (byte)(fill + 100));
        return new MaskSeed(bytes);
    }
}
