using DemoFl.Benchmarks.Streams;

namespace DemoFl.Benchmarks.Tests;

public sealed class ByteTotalTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(1000)]
    public void Add_PiecesOfAnyLength_ComeToTheTotalOfTheWhole(int cut)
    {
        var bytes = Enumerable.Range(0, 1000).Select(i => (byte)(i * 7)).ToArray();
        var total = default(ByteTotal);
        total.Add(bytes.AsSpan(0, cut));
        total.Add(bytes.AsSpan(cut));

        var message = total.ToMessage();
        Assert.Equal(1000, message.Bytes);
        Assert.Equal((uint)(bytes.Sum(b => (long)b) % 256), message.Sum);
        total.MustBe(ByteTotal.OfRepeated(bytes, 1));
    }

    [Fact]
    public void MustBe_OneByteChanged_Throws()
    {
        var expected = ByteTotal.OfRepeated([1, 2, 3], 2);

        ByteTotal.OfRepeated([1, 2, 3, 1, 2, 3], 1).MustBe(expected);
        Assert.Throws<InvalidDataException>(() => ByteTotal.OfRepeated([1, 2, 3, 1, 2, 4], 1).MustBe(expected));
        Assert.Throws<InvalidDataException>(() => ByteTotal.OfRepeated([1, 2, 3], 1).MustBe(expected));
    }
}
