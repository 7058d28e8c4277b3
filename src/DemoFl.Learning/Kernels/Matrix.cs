namespace DemoFl.Learning;

/// <summary>
/// A view of floats as rows x columns; element (i, j) lies at Origin + i * RowStride + j * ColumnStride. Transposing swaps strides.
/// </summary>
internal readonly unsafe struct Matrix(float* origin, int rows, int columns, nint rowStride, nint columnStride)
{
    /// <summary>A dense row-major matrix.</summary>
    public Matrix(float* origin, int rows, int columns)
        : this(origin, rows, columns, columns, 1)
    {
    }

    public float* Origin { get; } = origin;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public nint RowStride { get; } = rowStride;

    public nint ColumnStride { get; } = columnStride;

    public Matrix Transposed => new(Origin, Columns, Rows, ColumnStride, RowStride);

    public float* At(nint row, nint column) => Origin + (row * RowStride) + (column * ColumnStride);
}
