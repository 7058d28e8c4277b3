using System.Numerics;

namespace DemoFl.Sharing.Tests.Oracles;

/// <summary>
/// What an adversary can compute, exactly, from linear observations of secret words of Z_2^k. Each row holds the
/// coefficients of one observed word. Secrets other than the asked ones are taken as uniform and independent.
/// </summary>
/// <remarks>
/// Z_2^k is no field: a known 2 q tells all bits of q but the top one. So elimination keeps, beside each pivot of
/// valuation v, the multiple of its row that annihilates the pivot; what is left is all that is known (a Howell basis).
/// </remarks>
internal sealed class LinearView(RingWidth ring, int secrets)
{
    private readonly int _width = (int)ring;
    private readonly ulong _mask = ulong.MaxValue >> (64 - (int)ring);
    private readonly List<ulong[]> _rows = [];

    /// <summary>The view of a linear system, found by setting one secret after another to one.</summary>
    public static LinearView Probe(RingWidth ring, int secrets, Func<ulong[], IReadOnlyList<ulong>> observe)
    {
        var columns = new IReadOnlyList<ulong>[secrets];
        for (var i = 0; i < secrets; i++)
        {
            var unit = new ulong[secrets];
            unit[i] = 1;
            columns[i] = observe(unit);
        }

        var view = new LinearView(ring, secrets);
        for (var row = 0; row < columns[0].Count; row++)
            view.Observe([.. columns.Select(column => column[row])]);
        return view;
    }

    public void Observe(ulong[] coefficients)
    {
        Assert.Equal(secrets, coefficients.Length);
        _rows.Add([.. coefficients.Select(c => c & _mask)]);
    }

    /// <summary>How many low bits of one secret are determined, 0 to k.</summary>
    public int KnownBits(int secret) => Known(secret).Select(row => _width - Valuation(row[secret])).DefaultIfEmpty(0).Max();

    /// <summary>Generators of everything known that depends on the given secrets alone.</summary>
    public IReadOnlyList<ulong[]> Known(params int[] about)
    {
        List<ulong[]> rows = [.. _rows.Select(row => (ulong[])row.Clone())];
        foreach (var column in Enumerable.Range(0, secrets).Except(about))
            Eliminate(rows, column);
        return [.. rows.Where(row => row.Any(c => c != 0))];
    }

    private void Eliminate(List<ulong[]> rows, int column)
    {
        var pivot = rows.Where(row => row[column] != 0).MinBy(row => Valuation(row[column]));
        if (pivot is null)
            return;
        var valuation = Valuation(pivot[column]);
        var inverse = InverseOfOdd(pivot[column] >> valuation);
        foreach (var row in rows.Where(row => row != pivot && row[column] != 0))
        {
            var factor = unchecked((row[column] >> valuation) * inverse);
            for (var i = 0; i < row.Length; i++)
                row[i] = unchecked(row[i] - (factor * pivot[i])) & _mask;
        }

        // 2^(k - v) is 2^64, no ulong, for k = 64 and v = 0: an odd pivot is annihilated by nothing but zero.
        for (var i = 0; i < pivot.Length; i++)
            pivot[i] = valuation == 0 ? 0 : (pivot[i] << (_width - valuation)) & _mask;
    }

    private static int Valuation(ulong word) => BitOperations.TrailingZeroCount(word);

    // Newton: each step doubles the correct low bits, from 3 to 96.
    private static ulong InverseOfOdd(ulong odd)
    {
        var inverse = odd;
        for (var step = 0; step < 5; step++)
            inverse = unchecked(inverse * (2 - (odd * inverse)));
        return inverse;
    }
}
