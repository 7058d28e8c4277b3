using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DemoFl.Learning;

/// <summary>
/// The micro-kernel with eight lanes: four passes over k, each for 8 of the 32 columns, as sixteen registers hold no more.
/// </summary>
internal static unsafe class TileKernel256
{
    private const int Lanes = 8;

    public static void Run<TRows>(in Tile tile)
        where TRows : struct, IRowCount
    {
        for (var first = 0; first < Tile.Columns; first += Lanes) RunColumns<TRows>(tile, first);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunColumns<TRows>(in Tile tile, int first)
        where TRows : struct, IRowCount
    {
        Vector256<float> c0 = default, c1 = default, c2 = default, c3 = default, c4 = default, c5 = default, c6 = default, c7 = default;
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
            var b = tile.B + (segment * tile.BSegment) + first;
            var i = segment * tile.ASegment;
            for (var remaining = run; remaining > 0; remaining--)
            {
                var column = Vector256.Load(b);
                c0 = Vector256.MultiplyAddEstimate(Vector256.Create(a0[i]), column, c0);
                if (TRows.Value > 1) c1 = Vector256.MultiplyAddEstimate(Vector256.Create(a1[i]), column, c1);
                if (TRows.Value > 2) c2 = Vector256.MultiplyAddEstimate(Vector256.Create(a2[i]), column, c2);
                if (TRows.Value > 3) c3 = Vector256.MultiplyAddEstimate(Vector256.Create(a3[i]), column, c3);
                if (TRows.Value > 4) c4 = Vector256.MultiplyAddEstimate(Vector256.Create(a4[i]), column, c4);
                if (TRows.Value > 5) c5 = Vector256.MultiplyAddEstimate(Vector256.Create(a5[i]), column, c5);
                if (TRows.Value > 6) c6 = Vector256.MultiplyAddEstimate(Vector256.Create(a6[i]), column, c6);
                if (TRows.Value > 7) c7 = Vector256.MultiplyAddEstimate(Vector256.Create(a7[i]), column, c7);
                i += aStep;
                b += bStep;
            }
        }

        Store(tile, 0, first, c0);
        if (TRows.Value > 1) Store(tile, 1, first, c1);
        if (TRows.Value > 2) Store(tile, 2, first, c2);
        if (TRows.Value > 3) Store(tile, 3, first, c3);
        if (TRows.Value > 4) Store(tile, 4, first, c4);
        if (TRows.Value > 5) Store(tile, 5, first, c5);
        if (TRows.Value > 6) Store(tile, 6, first, c6);
        if (TRows.Value > 7) Store(tile, 7, first, c7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(in Tile tile, int row, int first, Vector256<float> sum)
    {
        var c = tile.C + (row * tile.CRow) + first;
        if (tile.Accumulate) sum += Vector256.Load(c);
        sum.Store(c);
    }
}
