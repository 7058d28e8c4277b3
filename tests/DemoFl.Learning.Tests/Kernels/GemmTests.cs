using FsCheck;
using FsCheck.Fluent;

namespace DemoFl.Learning.Tests.Kernels;

public sealed unsafe class GemmTests
{
    private static readonly int[] OddSizes = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 65, 100];

    [Fact]
    public void Multiply_AnyShapeAndTranspose_MatchesNaiveDoubles()
    {
        var size = Gen.Elements(OddSizes);
        var cases =
            from m in size
            from n in size
            from k in size
            from transposes in Gen.Choose(0, 7)
            from width in Gen.Elements(0, 1)
            select (m, n, k, transposes, width);
        Prop.ForAll(cases.ToArbitrary(), shape =>
        {
            var (m, n, k, flags, width) = shape;
            Check(m, n, k, (flags & 1) != 0, (flags & 2) != 0, (flags & 4) != 0, (SimdWidth)width);
        }).QuickCheckThrowOnFailure();
    }

    // Beyond the depth block of 256 and the column block of 512, where blocks must add up.
    [Theory]
    [InlineData(9, 600, 300, false, false)]
    [InlineData(70, 530, 513, false, false)]
    [InlineData(70, 530, 513, true, true)]
    [InlineData(3, 1030, 700, true, false)]
    [InlineData(130, 37, 1025, false, true)]
    public void Multiply_LargerThanBlocks_MatchesNaiveDoubles(int m, int n, int k, bool transposeA, bool transposeB)
    {
        Check(m, n, k, transposeA, transposeB, false, SimdWidth.Bits512);
        Check(m, n, k, transposeA, transposeB, true, SimdWidth.Bits256);
    }

    [Fact]
    public void Multiply_ShapesThatDoNotFit_Throws()
    {
        var values = new AlignedBuffer(100);
        var gemm = new Gemm();
        Assert.Throws<ArgumentException>(() =>
            gemm.Multiply(new Matrix(values.Pointer, 2, 3), new Matrix(values.Pointer, 4, 5), new Matrix(values.Pointer, 2, 5)));
    }

    [Theory]
    [InlineData(14, new[] { 7, 7 })]
    [InlineData(28, new[] { 7, 7, 7, 7 })]
    [InlineData(10, new[] { 5, 5 })]
    [InlineData(17, new[] { 6, 6, 5 })]
    [InlineData(0, new int[0])]
    public void RowTiles_AnyCount_AreFewAndNearlyEqual(int rows, int[] expected)
    {
        var tiles = RowTiles.Over(rows);
        Assert.Equal(expected, Enumerable.Range(0, tiles.Count).Select(tiles.RowsOf));
    }

    private static void Check(int m, int n, int k, bool transposeA, bool transposeB, bool accumulate, SimdWidth width)
    {
        var random = new SeededRandom((ulong)((m * 10_007) + (n * 101) + k));
        var (a, b, c) = (Random(random, m * k), Random(random, k * n), Random(random, m * n));
        var viewA = transposeA ? new Matrix(a.Pointer, k, m).Transposed : new Matrix(a.Pointer, m, k);
        var viewB = transposeB ? new Matrix(b.Pointer, n, k).Transposed : new Matrix(b.Pointer, k, n);
        var before = c.Span.ToArray();

        new Gemm(width).Multiply(viewA, viewB, new Matrix(c.Pointer, m, n), accumulate);

        for (var i = 0; i < m; i++)
        {
            for (var j = 0; j < n; j++)
            {
                double expected = accumulate ? before[(i * n) + j] : 0;
                for (var x = 0; x < k; x++) expected += (double)*viewA.At(i, x) * *viewB.At(x, j);
                Assert.True(
                    Math.Abs(expected - c.Span[(i * n) + j]) < 1e-5 * (k + 1),
                    $"{m}x{n}x{k} {transposeA} {transposeB} {accumulate} {width}: ({i}, {j}) is {c.Span[(i * n) + j]}, not {expected}");
            }
        }
    }

    private static AlignedBuffer Random(SeededRandom random, int length)
    {
        var buffer = new AlignedBuffer(length);
        foreach (ref var value in buffer.Span) value = (float)random.NextBetween(-1, 1);
        return buffer;
    }
}
