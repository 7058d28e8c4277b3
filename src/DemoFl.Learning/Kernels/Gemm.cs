using System.Runtime.Intrinsics;

namespace DemoFl.Learning;

/// <summary>
/// Single-precision matrix multiplication C = (or +=) A * B, blocked for the caches after Goto and van de Geijn (2008): panels of B are
/// packed 32 columns wide, A is read where it lies. One instance per thread; it allocates nothing per call.
/// </summary>
internal sealed unsafe class Gemm(SimdWidth width)
{
    // A packed panel of DepthBlock x 32 floats is 32 KiB and stays in the first-level cache, a block of B is 512 KiB, in the second.
    private const int DepthBlock = 256;
    private const int ColumnBlock = 512;
    private const int RowBlock = 64;

    // With no more row tiles than this, copying a panel costs more than reading it with long strides.
    private const int MaxRowsUnpacked = 2 * Tile.MaxRows;

    private readonly AlignedBuffer _panels = new(DepthBlock * ColumnBlock);
    private readonly AlignedBuffer _edge = new(Tile.MaxRows * Tile.Columns);

    public Gemm()
        : this(Simd.Widest)
    {
    }

    /// <param name="a">[m x k], any strides.</param>
    /// <param name="b">[k x n], any strides.</param>
    /// <param name="c">[m x n], contiguous rows; must not overlap A or B.</param>
    /// <param name="accumulate">Whether to add to C rather than to overwrite it.</param>
    public void Multiply(Matrix a, Matrix b, Matrix c, bool accumulate = false)
    {
        if (a.Columns != b.Rows || a.Rows != c.Rows || b.Columns != c.Columns || c.ColumnStride != 1)
            throw new ArgumentException($"Cannot multiply {a.Rows}x{a.Columns} by {b.Rows}x{b.Columns} into {c.Rows}x{c.Columns}.");

        if (a.ColumnStride == 1 && b.RowStride == 1 && b.ColumnStride != 1)
        {
            DotProducts.Multiply(a, b.Transposed, c, accumulate, width);
            return;
        }

        for (var column = 0; column < b.Columns; column += ColumnBlock)
        {
            for (var depth = 0; depth < b.Rows; depth += DepthBlock)
            {
                var block = new Block(depth, Math.Min(DepthBlock, b.Rows - depth), column, Math.Min(ColumnBlock, b.Columns - column));
                MultiplyBlock(a, b, c, block, accumulate || depth > 0);
            }
        }
    }

    private void MultiplyBlock(Matrix a, Matrix b, Matrix c, Block block, bool accumulate)
    {
        var packAll = b.ColumnStride != 1 || a.Rows > MaxRowsUnpacked;
        for (var j = 0; j < block.Columns; j += Tile.Columns)
        {
            if (packAll || block.Columns - j < Tile.Columns) Pack(b, block, j);
        }

        for (var rowBlock = 0; rowBlock < a.Rows; rowBlock += RowBlock)
        {
            var rowEnd = Math.Min(a.Rows, rowBlock + RowBlock);
            for (var j = 0; j < block.Columns; j += Tile.Columns)
            {
                var columns = Math.Min(Tile.Columns, block.Columns - j);
                var packed = packAll || columns < Tile.Columns;
                var panel = packed ? _panels.Pointer + (j * DepthBlock) : b.At(block.Depth, block.Column + j);
                MultiplyPanel(a, c, block, rowBlock, rowEnd, j, columns, panel, packed ? Tile.Columns : b.RowStride, accumulate);
            }
        }
    }

    private void MultiplyPanel(
        Matrix a, Matrix c, Block block, int rowBegin, int rowEnd, int j, int columns, float* panel, nint panelStep, bool accumulate)
    {
        var tiles = RowTiles.Over(rowEnd - rowBegin);
        var row = rowBegin;
        for (var i = 0; i < tiles.Count; i++)
        {
            var rows = tiles.RowsOf(i);
            var target = c.At(row, block.Column + j);
            var whole = columns == Tile.Columns;
            var tile = new Tile
            {
                A = a.At(row, block.Depth),
                ARow = a.RowStride,
                AStep = a.ColumnStride,
                B = panel,
                BStep = panelStep,
                Segments = 1,
                Run = block.Depths,
                C = whole ? target : _edge.Pointer,
                CRow = whole ? c.RowStride : Tile.Columns,
                Accumulate = whole && accumulate,
            };
            Tile.Multiply(tile, rows, width);
            if (!whole) CopyEdge(target, c.RowStride, rows, columns, accumulate);
            row += rows;
        }
    }

    private void CopyEdge(float* target, nint targetRow, int rows, int columns, bool accumulate)
    {
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < columns; j++)
            {
                var value = _edge.Pointer[(i * Tile.Columns) + j];
                target[(i * targetRow) + j] = accumulate ? target[(i * targetRow) + j] + value : value;
            }
        }
    }

    private void Pack(Matrix b, Block block, int j)
    {
        var columns = Math.Min(Tile.Columns, block.Columns - j);
        var panel = _panels.Pointer + (j * DepthBlock);
        if (columns == Tile.Columns && b.ColumnStride == 1)
        {
            var source = b.At(block.Depth, block.Column + j);
            for (var k = 0; k < block.Depths; k++, source += b.RowStride, panel += Tile.Columns)
            {
                Vector512.Load(source).Store(panel);
                Vector512.Load(source + Vector512<float>.Count).Store(panel + Vector512<float>.Count);
            }

            return;
        }

        for (var k = 0; k < block.Depths; k++, panel += Tile.Columns)
        {
            var source = b.At(block.Depth + k, block.Column + j);
            for (var i = 0; i < columns; i++) panel[i] = source[i * b.ColumnStride];
            for (var i = columns; i < Tile.Columns; i++) panel[i] = 0;
        }
    }

    private readonly record struct Block(int Depth, int Depths, int Column, int Columns);
}
