using System.Numerics;
using DemoFl.Sharing.Tests.Oracles;

namespace DemoFl.Sharing.Tests;

public sealed class RingVectorTests
{
    private static readonly int[] Lengths = [0, 1, 2, 3, 7, 8, 15, 16, 17, 31, 33, 63, 64, 65, 127, 1000, 1025];

    public static TheoryData<RingWidth> Rings => [RingWidth.Bits16, RingWidth.Bits32, RingWidth.Bits64];

    [Theory]
    [MemberData(nameof(Rings))]
    public void AddAndSubtract_AnyLength_EqualIntegersModuloTwoToTheK(RingWidth ring)
    {
        foreach (var length in Lengths)
        {
            var random = new Random(length);
            var left = Uniform(ring, length, random);
            var right = Uniform(ring, length, random);
            var (a, b) = (ExactFixedPoint.Words(left), ExactFixedPoint.Words(right));

            left.Add(right);
            Assert.Equal(a.Zip(b, (x, y) => ExactFixedPoint.InRing((BigInteger)x + y, ring)), ExactFixedPoint.Words(left));
            left.Subtract(right);
            Assert.Equal(a, ExactFixedPoint.Words(left));
            left.Subtract(right);
            Assert.Equal(a.Zip(b, (x, y) => ExactFixedPoint.InRing((BigInteger)x - y, ring)), ExactFixedPoint.Words(left));
        }
    }

    [Fact]
    public void Add_AnyAlignmentAndLength_VectorPathEqualsScalarPath()
    {
        var random = new Random(5);
        for (var shift = 0; shift < 9; shift++)
        {
            foreach (var length in Lengths)
            {
                SameBytes<ushort>(RingWidth.Bits16, shift, length * 2, random);
                SameBytes<uint>(RingWidth.Bits32, shift, length * 4, random);
                SameBytes<ulong>(RingWidth.Bits64, shift, length * 8, random);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Rings))]
    public void AddAt_PiecesInAnyOrder_EqualOneAdd(RingWidth ring)
    {
        const int Length = 301;
        var random = new Random(6);
        var received = Uniform(ring, Length, random);
        var whole = Uniform(ring, Length, random);
        var pieces = new RingVector(ring, Length);
        pieces.Add(whole);
        whole.Add(received);

        const int PieceWords = 40;
        var bytes = (int)ring / 8;
        foreach (var start in Enumerable.Range(0, (Length + PieceWords - 1) / PieceWords).Reverse().Select(i => i * PieceWords))
        {
            var words = Math.Min(PieceWords, Length - start);
            pieces.AddAt(start * bytes, received.Bytes.Slice(start * bytes, words * bytes));
        }

        Assert.Equal(whole.Bytes.ToArray(), pieces.Bytes.ToArray());
    }

    [Theory]
    [InlineData(-4, 4)]
    [InlineData(2, 4)]
    [InlineData(4, 3)]
    [InlineData(8, 8)]
    [InlineData(16, 0)]
    [InlineData(int.MaxValue, 4)]
    public void AddAt_NotWholeWordsInRange_ThrowsAndChangesNothing(int offset, int length)
    {
        var vector = new RingVector(RingWidth.Bits32, 3);
        var piece = new byte[length];
        Array.Fill(piece, (byte)1);
        Assert.Throws<ArgumentException>(() => vector.AddAt(offset, piece));
        Assert.All(vector.Bytes.ToArray(), b => Assert.Equal(0, b));
    }

    [Fact]
    public void AddAt_EmptyPieceAtTheEnd_IsAllowed() => new RingVector(RingWidth.Bits32, 3).AddAt(12, []);

    [Fact]
    public void Add_OtherShape_Throws()
    {
        var vector = new RingVector(RingWidth.Bits32, 3);
        Assert.Throws<ArgumentException>(() => vector.Add(new RingVector(RingWidth.Bits32, 4)));
        Assert.Throws<ArgumentException>(() => vector.Subtract(new RingVector(RingWidth.Bits64, 3)));
    }

    [Fact]
    public void Add_Itself_Doubles()
    {
        var vector = new RingVector(RingWidth.Bits16, 1);
        vector.AddAt(0, [0x01, 0x40]);
        vector.Add(vector);
        Assert.Equal(-0x8000 + 2, vector.SignedAt(0));
    }

    [Fact]
    public void SignedAt_LittleEndianBytes_ReadsTwosComplement()
    {
        var vector = new RingVector(RingWidth.Bits16, 2);
        vector.AddAt(0, [0xfe, 0xff, 0xff, 0x7f]);
        Assert.Equal(-2, vector.SignedAt(0));
        Assert.Equal(short.MaxValue, vector.SignedAt(1));
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.SignedAt(2));
        Assert.Throws<ArgumentOutOfRangeException>(() => vector.SignedAt(-1));
    }

    [Fact]
    public void Clear_AfterAdd_IsZero()
    {
        var vector = Uniform(RingWidth.Bits64, 9, new Random(7));
        vector.Clear();
        Assert.All(vector.Memory.ToArray(), b => Assert.Equal(0, b));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void Constructor_LengthOutOfRange_Throws(int length) =>
        Assert.Throws<ArgumentException>(() => new RingVector(RingWidth.Bits64, length));

    private static void SameBytes<T>(RingWidth ring, int shift, int length, Random random)
        where T : unmanaged, IBinaryInteger<T>
    {
        var words = new byte[shift + length];
        var target = new byte[shift + length + 1];
        random.NextBytes(words);
        random.NextBytes(target);
        var expected = target.ToArray();

        RingWords.AddScalar<T>(expected.AsSpan(shift, length), words.AsSpan(shift));
        RingWords.Add(ring, target.AsSpan(shift, length), words.AsSpan(shift));
        Assert.True(expected.AsSpan().SequenceEqual(target), $"add, {ring}, shift {shift}, {length} bytes");

        RingWords.SubtractScalar<T>(expected.AsSpan(shift, length), words.AsSpan(shift));
        RingWords.SubtractScalar<T>(expected.AsSpan(shift, length), words.AsSpan(shift));
        RingWords.Subtract(ring, target.AsSpan(shift, length), words.AsSpan(shift));
        RingWords.Subtract(ring, target.AsSpan(shift, length), words.AsSpan(shift));
        Assert.True(expected.AsSpan().SequenceEqual(target), $"subtract, {ring}, shift {shift}, {length} bytes");
    }

    private static RingVector Uniform(RingWidth ring, int length, Random random)
    {
        var vector = new RingVector(ring, length);
        random.NextBytes(vector.Bytes);
        return vector;
    }
}
