namespace DemoFl.Learning;

/// <summary>
/// One micro-kernel call: C[rows x 32] = (or +=) A[rows x k] * B[k x 32], with k running over Segments runs of Run steps each. The strides
/// make one kernel serve everything: a matrix as it lies or transposed, and the overlapping windows of a convolution, which then needs no
/// im2col copy. All strides in elements; B and C are contiguous along their 32 columns.
/// </summary>
internal readonly unsafe struct Tile
{
    /// <summary>The most rows of a tile: 8 x 2 accumulators of 16 lanes hide the latency of two multiply-adds per cycle.</summary>
    public const int MaxRows = 8;

    /// <summary>The columns of a tile: two AVX-512 registers, 128 bytes.</summary>
    public const int Columns = 32;

    public float* A { get; init; }

    public nint ARow { get; init; }

    public nint AStep { get; init; }

    public nint ASegment { get; init; }

    public float* B { get; init; }

    public nint BStep { get; init; }

    public nint BSegment { get; init; }

    public nint Segments { get; init; }

    public nint Run { get; init; }

    public float* C { get; init; }

    public nint CRow { get; init; }

    /// <summary>Whether to add to C rather than to overwrite it.</summary>
    public bool Accumulate { get; init; }

    /// <summary>Runs the kernel for 1 to <see cref="MaxRows"/> rows.</summary>
    public static void Multiply(in Tile tile, int rows, SimdWidth width)
    {
        switch (rows)
        {
            case 1: Multiply<Rows1>(tile, width); break;
            case 2: Multiply<Rows2>(tile, width); break;
            case 3: Multiply<Rows3>(tile, width); break;
            case 4: Multiply<Rows4>(tile, width); break;
            case 5: Multiply<Rows5>(tile, width); break;
            case 6: Multiply<Rows6>(tile, width); break;
            case 7: Multiply<Rows7>(tile, width); break;
            case 8: Multiply<Rows8>(tile, width); break;
            default: throw new ArgumentOutOfRangeException(nameof(rows), rows, $"A tile has 1 to {MaxRows} rows.");
        }
    }

    private static void Multiply<TRows>(in Tile tile, SimdWidth width)
        where TRows : struct, IRowCount
    {
        if (width == SimdWidth.Bits512) TileKernel512.Run<TRows>(tile);
        else TileKernel256.Run<TRows>(tile);
    }
}
