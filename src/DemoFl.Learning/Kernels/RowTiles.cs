namespace DemoFl.Learning;

/// <summary>
/// Splits rows into the fewest tiles, of nearly equal height: 14 rows make 7 + 7 rather than 8 + 6, so no tile starves the pipeline.
/// </summary>
internal readonly record struct RowTiles(int Count, int Height, int Taller)
{
    public static RowTiles Over(int rows)
    {
        var count = (rows + Tile.MaxRows - 1) / Tile.MaxRows;
        return new RowTiles(count, count == 0 ? 0 : rows / count, count == 0 ? 0 : rows % count);
    }

    public int RowsOf(int tile) => tile < Taller ? Height + 1 : Height;
}
