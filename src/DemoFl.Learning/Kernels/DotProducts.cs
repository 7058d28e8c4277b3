namespace DemoFl.Learning;

/// <summary>
/// C = (or +=) A * B-transposed where both lie contiguously along k, as in a dense layer's forward pass: every weight is read once, in
/// order, and nothing is packed.
/// </summary>
internal static unsafe class DotProducts
{
    private const int Columns = 4;

    /// <param name="a">[m x k], contiguous rows.</param>
    /// <param name="bRows">[n x k], contiguous rows: B transposed.</param>
    /// <param name="c">[m x n], contiguous rows.</param>
    /// <param name="accumulate">Whether to add to C rather than to overwrite it.</param>
    /// <param name="width">The kernel.</param>
    public static void Multiply(Matrix a, Matrix bRows, Matrix c, bool accumulate, SimdWidth width)
    {
        var maxRows = width == SimdWidth.Bits512 ? DotKernel512.MaxRows : DotKernel256.MaxRows;
        var sums = stackalloc float[DotKernel512.MaxRows * Columns];
        var columns = Columns;
        for (var j = 0; j < bRows.Rows; j += columns)
        {
            // The last few columns go one by one, each four times over, rather than read past the matrix.
            columns = bRows.Rows - j >= Columns ? Columns : 1;
            var bRow = columns == Columns ? bRows.RowStride : 0;
            for (var i = 0; i < a.Rows; i += maxRows)
            {
                var rows = Math.Min(maxRows, a.Rows - i);
                Block(a.At(i, 0), a.RowStride, bRows.At(j, 0), bRow, sums, rows, a.Columns, width);
                Store(c, i, j, rows, columns, sums, accumulate);
            }
        }
    }

    private static void Block(float* a, nint aRow, float* b, nint bRow, float* sums, int rows, int length, SimdWidth width)
    {
        var lanes = width == SimdWidth.Bits512 ? DotKernel512.Lanes : DotKernel256.Lanes;
        var whole = length / lanes * lanes;
        if (width == SimdWidth.Bits512)
        {
            switch (rows)
            {
                case 1: DotKernel512.Run<Rows1>(whole, a, aRow, b, bRow, sums); break;
                case 2: DotKernel512.Run<Rows2>(whole, a, aRow, b, bRow, sums); break;
                case 3: DotKernel512.Run<Rows3>(whole, a, aRow, b, bRow, sums); break;
                default: DotKernel512.Run<Rows4>(whole, a, aRow, b, bRow, sums); break;
            }
        }
        else if (rows == 1) DotKernel256.Run<Rows1>(whole, a, aRow, b, bRow, sums);
        else DotKernel256.Run<Rows2>(whole, a, aRow, b, bRow, sums);

        for (var k = whole; k < length; k++)
        {
            for (var i = 0; i < rows; i++)
            {
                for (var j = 0; j < Columns; j++) sums[(i * Columns) + j] += a[(i * aRow) + k] * b[(j * bRow) + k];
            }
        }
    }

    private static void Store(Matrix c, int row, int column, int rows, int columns, float* sums, bool accumulate)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var target = c.At(row + i, column + j);
                *target = sums[(i * Columns) + j] + (accumulate ? *target : 0);
            }
        }
    }
}
