using System.Numerics;

namespace DemoFl.Cli.Attack;

/// <summary>
/// The best that any linear combination of an adversary's vectors says about a secret direction. Pure.
/// </summary>
/// <remarks>
/// <para>
/// What is conceded is projected out of everything first: the honest sum alone resembles each update in it. Then the combination is fitted by least
/// squares to the secret itself, which no adversary could do, on every tenth coordinate, and judged on the others.
/// </para>
/// <para>
/// Fitted and judged on the same coordinates, m vectors of noise would reach a cosine of sqrt(m / d). Like this noise has a spread of
/// 1 / sqrt(0.9 d), however many vectors there are, and a relation that is there is found. Halves that swap roles would not do: what
/// the two say is the same inner product, and the spread is sqrt(2 / d).
/// </para>
/// </remarks>
internal static class LinearEstimate
{
    /// <summary>One in so many coordinates is fitted to; the rest is judged on.</summary>
    public const int FitOneIn = 10;

    /// <summary>Coordinates to fit to, for each vector: fewer leave more noise in the coefficients than relation.</summary>
    public const int FitPerVector = 4;

    /// <summary>What is left of a vector after projection counts as nothing below this share of its length: float rounding.</summary>
    private const double Negligible = 1e-5;

    /// <summary>Keeps dependent vectors from breaking the solution; far below what a tenth of a unit vector has, 1/10.</summary>
    private const double Ridge = 1e-8;

    /// <summary>|cosine| of the best combination with the secret, 0 when nothing is seen.</summary>
    /// <param name="secret">d values.</param>
    /// <param name="conceded">Vectors of d values that are known anyway.</param>
    /// <param name="seen">Vectors of d values to combine.</param>
    public static double Cosine(float[] secret, IReadOnlyList<float[]> conceded, IReadOnlyList<float[]> seen)
    {
        var known = new List<double[]>();
        foreach (float[] vector in conceded)
        {
            if (Residual(vector, known) is { } direction)
            {
                known.Add(direction);
            }
        }

        // Nothing is left to find of a secret that is conceded.
        if (Residual(secret, known) is not { } target)
        {
            return 0;
        }

        double[][] basis = [.. seen.Select(v => Residual(v, known)).OfType<double[]>()];
        int fitted = FittedOf(target.Length);
        double[] coefficients = Fit(target, basis, fitted);
        var estimate = new double[target.Length];
        for (int i = 0; i < basis.Length; i++)
        {
            AddScaled(estimate, basis[i], coefficients[i]);
        }

        ReadOnlySpan<double> judged = estimate.AsSpan(fitted), truth = target.AsSpan(fitted);
        double length = Math.Sqrt(Dot(judged, judged) * Dot(truth, truth));
        return length > 0 ? Math.Abs(Dot(judged, truth)) / length : 0;
    }

    private static int FittedOf(int dimension) => (dimension + FitOneIn - 1) / FitOneIn;

    /// <summary>
    /// The unit vector of what is left of a vector across from orthonormal ones, or null when nothing is. The coordinates to fit to come first.
    /// </summary>
    private static double[]? Residual(float[] vector, List<double[]> across)
    {
        var rest = new double[vector.Length];
        int fitted = FittedOf(vector.Length);
        for (int i = 0; i < rest.Length; i++)
        {
            int tenth = i / FitOneIn;
            rest[i % FitOneIn == 0 ? tenth : fitted + i - tenth - 1] = vector[i];
        }

        double before = Math.Sqrt(Dot(rest, rest));

        // Twice: the second pass removes what rounding left of the first.
        for (int pass = 0; pass < 2; pass++)
        {
            foreach (double[] direction in across)
            {
                AddScaled(rest, direction, -Dot(rest, direction));
            }
        }

        double length = Math.Sqrt(Dot(rest, rest));
        if (length <= before * Negligible)
        {
            return null;
        }

        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] /= length;
        }

        return rest;
    }

    /// <summary>The coefficients that fit the target best on its first coordinates.</summary>
    private static double[] Fit(double[] target, double[][] basis, int fitted)
    {
        var gram = new double[basis.Length, basis.Length];
        for (int i = 0; i < basis.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                gram[i, j] = Dot(basis[i].AsSpan(0, fitted), basis[j].AsSpan(0, fitted)) + (i == j ? Ridge : 0);
            }
        }

        return Solve(gram, [.. basis.Select(v => Dot(v.AsSpan(0, fitted), target.AsSpan(0, fitted)))]);
    }

    /// <summary>Solves a symmetric system, given by its lower triangle, by Cholesky's decomposition; overwrites both.</summary>
    private static double[] Solve(double[,] lower, double[] right)
    {
        for (int i = 0; i < right.Length; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                for (int k = 0; k < j; k++)
                {
                    lower[i, j] -= lower[i, k] * lower[j, k];
                }

                lower[i, j] = i == j ? Math.Sqrt(Math.Max(lower[i, i], Ridge)) : lower[i, j] / lower[j, j];
            }

            for (int k = 0; k < i; k++)
            {
                right[i] -= lower[i, k] * right[k];
            }

            right[i] /= lower[i, i];
        }

        for (int i = right.Length - 1; i >= 0; i--)
        {
            for (int k = i + 1; k < right.Length; k++)
            {
                right[i] -= lower[k, i] * right[k];
            }

            right[i] /= lower[i, i];
        }

        return right;
    }

    private static void AddScaled(double[] target, double[] vector, double factor)
    {
        for (int i = 0; i < target.Length; i++)
        {
            target[i] += factor * vector[i];
        }
    }

    private static double Dot(ReadOnlySpan<double> one, ReadOnlySpan<double> other)
    {
        int at = 0;
        var sums = Vector<double>.Zero;
        for (; at <= one.Length - Vector<double>.Count; at += Vector<double>.Count)
        {
            sums += new Vector<double>(one[at..]) * new Vector<double>(other[at..]);
        }

        double sum = Vector.Sum(sums);
        for (; at < one.Length; at++)
        {
            sum += one[at] * other[at];
        }

        return sum;
    }
}
