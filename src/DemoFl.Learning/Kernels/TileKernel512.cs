using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DemoFl.Learning;

/// <summary>The micro-kernel with sixteen lanes: up to 8 rows x 2 registers of sums stay in registers over the whole of k. The rows are
/// spelled out because the compiler keeps locals in registers, but not array elements.</summary>
internal static unsafe class TileKernel512
{
    private const int Lanes = 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TRows>(in Tile tile)
        where TRows : struct, IRowCount
    {
        Vector512<float> c0L = default, c0R = default;
        Vector512<float> c1L = default, c1R = default;
        Vector512<float> c2L = default, c2R = default;
        Vector512<float> c3L = default, c3R = default;
        Vector512<float> c4L = default, c4R = default;
        Vector512<float> c5L = default, c5R = default;
        Vector512<float> c6L = default, c6R = default;
        Vector512<float> c7L = default, c7R = default;
        var a0 = tile.A;
        var a1 = a0 + tile.ARow;
        var a2 = a1 + tile.ARow;
        var a3 = a2 + tile.ARow;
        var a4 = a3 + tile.ARow;
        var a5 = a4 + tile.ARow;
        var a6 = a5 + tile.ARow;
        var a7 = a6 + tile.ARow;
        var (run, aStep, bStep) = (tile.Run, tile.AStep, tile.BStep);
        for (nint segment = 0; segment < tile.Segments; segment++)
        {
            var b = tile.B + (segment * tile.BSegment);
            var i = segment * tile.ASegment;
            for (var remaining = run; remaining > 0; remaining--)
            {
                var (left, right) = (Vector512.Load(b), Vector512.Load(b + Lanes));
                MultiplyAdd(a0[i], left, right, ref c0L, ref c0R);
                if (TRows.Value > 1) MultiplyAdd(a1[i], left, right, ref c1L, ref c1R);
                if (TRows.Value > 2) MultiplyAdd(a2[i], left, right, ref c2L, ref c2R);
                if (TRows.Value > 3) MultiplyAdd(a3[i], left, right, ref c3L, ref c3R);
                if (TRows.Value > 4) MultiplyAdd(a4[i], left, right, ref c4L, ref c4R);
                if (TRows.Value > 5) MultiplyAdd(a5[i], left, right, ref c5L, ref c5R);
                if (TRows.Value > 6) MultiplyAdd(a6[i], left, right, ref c6L, ref c6R);
                if (TRows.Value > 7) MultiplyAdd(a7[i], left, right, ref c7L, ref c7R);
                i += aStep;
                b += bStep;
            }
        }

        Store(tile, 0, c0L, c0R);
        if (TRows.Value > 1) Store(tile, 1, c1L, c1R);
        if (TRows.Value > 2) Store(tile, 2, c2L, c2R);
        if (TRows.Value > 3) Store(tile, 3, c3L, c3R);
        if (TRows.Value > 4) Store(tile, 4, c4L, c4R);
        if (TRows.Value > 5) Store(tile, 5, c5L, c5R);
        if (TRows.Value > 6) Store(tile, 6, c6L, c6R);
        if (TRows.Value > 7) Store(tile, 7, c7L, c7R);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyAdd(
        float a, Vector512<float> left, Vector512<float> right, ref Vector512<float> sumL, ref Vector512<float> sumR)
    {
        var broadcast = Vector512.Create(a);
        sumL = Vector512.MultiplyAddEstimate(broadcast, left, sumL);
        sumR = Vector512.MultiplyAddEstimate(broadcast, right, sumR);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Tile tile, int row, Vector512<float> left, Vector512<float> right)
    {
        var c = tile.C + (row * tile.CRow);
        if (tile.Accumulate) (left, right) = (left + Vector512.Load(c), right + Vector512.Load(c + Lanes));
        left.Store(c);
        right.Store(c + Lanes);
    }
}
