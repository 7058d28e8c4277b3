using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DemoFl.Learning;

/// <summary>
/// Dot products of up to 2 rows of A with 4 rows of B over whole vectors of 8 lanes; the caller adds the remaining elements.
/// </summary>
internal static unsafe class DotKernel256
{
    public const int Lanes = 8;

    public const int MaxRows = 2;

    /// <summary>
    /// Writes rows x 4 sums, row-major, over the first <paramref name="length"/> elements (a multiple of <see cref="Lanes"/>).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(nint length, float* a, nint aRow, float* b, nint bRow, float* sums)
        where TRows : struct, IRowCount
    {
        Vector256<float> c00 = default, c01 = default, c02 = default, c03 = default;
        Vector256<float> c10 = default, c11 = default, c12 = default, c13 = default;
        var a0 = a;
        var a1 = a0 + aRow;
        float* row1 = b + bRow, row2 = row1 + bRow, row3 = row2 + bRow;
        for (nint k = 0; k < length; k += Lanes)
        {
            var (b0, b1, b2, b3) = (Vector256.Load(b + k), Vector256.Load(row1 + k), Vector256.Load(row2 + k), Vector256.Load(row3 + k));
            MultiplyAdd(Vector256.Load(a0 + k), b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
            if (TRows.Value > 1) MultiplyAdd(Vector256.Load(a1 + k), b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
        }

        Store(sums + 0, c00, c01, c02, c03);
        if (TRows.Value > 1) Store(sums + 4, c10, c11, c12, c13);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(
        Vector256<float> a,
        Vector256<float> b0,
        Vector256<float> b1,
        Vector256<float> b2,
        Vector256<float> b3,
        ref Vector256<float> c0,
        ref Vector256<float> c1,
        ref Vector256<float> c2,
        ref Vector256<float> c3)
    {
        c0 = Vector256.MultiplyAddEstimate(a, b0, c0);
        c1 = Vector256.MultiplyAddEstimate(a, b1, c1);
        c2 = Vector256.MultiplyAddEstimate(a, b2, c2);
        c3 = Vector256.MultiplyAddEstimate(a, b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* sums, Vector256<float> c0, Vector256<float> c1, Vector256<float> c2, Vector256<float> c3)
    {
        sums[0] = Vector256.Sum(c0);
        sums[1] = Vector256.Sum(c1);
        sums[2] = Vector256.Sum(c2);
        sums[3] = Vector256.Sum(c3);
    }
}
