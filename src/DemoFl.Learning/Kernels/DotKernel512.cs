using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DemoFl.Learning;

/// <summary>
/// Dot products of up to 4 rows of A with 4 rows of B over whole vectors of 16 lanes; the caller adds the remaining elements.
/// </summary>
internal static unsafe class DotKernel512
{
    public const int Lanes = 16;

    public const int MaxRows = 4;

    /// <summary>
    /// Writes rows x 4 sums, row-major, over the first <paramref name="length"/> elements (a multiple of <see cref="Lanes"/>).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(nint length, float* a, nint aRow, float* b, nint bRow, float* sums)
        where TRows : struct, IRowCount
    {
        Vector512<float> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector512<float> c10 = default, c11 = default, c12 = default, c13 = default;
        Vector512<float> c20 = default, c21 = default, c22 = default, c23 = default;
        Vector512<float> c30 = default, c31 = default, c32 = default, c33 = default;
        var a0 = a;
        var a1 = a0 + aRow;
        var a2 = a1 + aRow;
        var a3 = a2 + aRow;
        float* row1 = b + bRow, row2 = row1 + bRow, row3 = row2 + bRow;
        for (nint k = 0; k < length; k += Lanes)
        {
            var (b0, b1, b2, b3) = (Vector512.Load(b + k), Vector512.Load(row1 + k), Vector512.Load(row2 + k), Vector512.Load(row3 + k));
            MultiplyAdd(Vector512.Load(a0 + k), b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
            if (TRows.Value > 1) MultiplyAdd(Vector512.Load(a1 + k), b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
            if (TRows.Value > 2) MultiplyAdd(Vector512.Load(a2 + k), b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
            if (TRows.Value > 3) MultiplyAdd(Vector512.Load(a3 + k), b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
        }

        Store(sums + 0, c00, c01, c02, c03);
        if (TRows.Value > 1) Store(sums + 4, c10, c11, c12, c13);
        if (TRows.Value > 2) Store(sums + 8, c20, c21, c22, c23);
        if (TRows.Value > 3) Store(sums + 12, c30, c31, c32, c33);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(
        Vector512<float> a,
        Vector512<float> b0,
        Vector512<float> b1,
        Vector512<float> b2,
        Vector512<float> b3,
        ref Vector512<float> c0,
        ref Vector512<float> c1,
        ref Vector512<float> c2,
        ref Vector512<float> c3)
    {
        c0 = Vector512.MultiplyAddEstimate(a, b0, c0);
        c1 = Vector512.MultiplyAddEstimate(a, b1, c1);
        c2 = Vector512.MultiplyAddEstimate(a, b2, c2);
        c3 = Vector512.MultiplyAddEstimate(a, b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* sums, Vector512<float> c0, Vector512<float> c1, Vector512<float> c2, Vector512<float> c3)
    {
        sums[0] = Vector512.Sum(c0);
        sums[1] = Vector512.Sum(c1);
        sums[2] = Vector512.Sum(c2);
        sums[3] = Vector512.Sum(c3);
    }
}
