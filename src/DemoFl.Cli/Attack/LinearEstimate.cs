using System.Numerics;

namespace DemoFl.Cli.Attack;

/// <summary>
/// The best that any linear combination of an adversary's vectors says about a secret direction. Pure.
/// </summary>
/// <remarks>
/// <para>
/// What is conceded is projected out of everything first: the honest sum alone resembles each update in it. Then the combination is fitted by least
/// squares to the secret itself, which no adversary could do, on the even coordinates, and judged on the odd ones, and the other way round.
/// Fitted and judged on the same coordinates, m vectors of noise would reach a cosine of sqrt(m / d); like this noise stays at 1 / sqrt(d)
/// however many there are, and a relation that is there is found.
/// </para>
/// </remarks>
internal static class LinearEstimate
{
    /// <summary>What is left of a vector after projection counts as nothing below this share of its length: float rounding.</summary>
    private const double Negligible = 1e-5;

    /// <summary>Keeps dependent vectors from breaking the solution; far below what a half of a unit vector has, 1/2.</summary>
    private const double Ridge = 1e-7;

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
        var (even, odd) = (new Half(target, basis, 0), new Half(target, basis, 1));
        double[] fromEven = even.Fit(Ridge), fromOdd = odd.Fit(Ridge);
        double dot = odd.Along(fromEven) + even.Along(fromOdd);
        double length = Math.Sqrt(odd.SquaredLength(fromEven) + even.SquaredLength(fromOdd));
        return length > 0 ? Math.Abs(dot) / length : 0;
    }

    /// <summary>The unit vector of what is left of a vector across from orthonormal ones, or null when nothing is.</summary>
    private static double[]? Residual(float[] vector, List<double[]> across)
    {
        var rest = new double[vector.Length];
        for (int i = 0; i < rest.Length; i++)
        {
            rest[i] = vector[i];
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

    /// <summary>The inner products of the basis and the target over every second coordinate.</summary>
    private sealed class Half
    {
        private readonly double[,] _gram;
        private readonly double[] _target;

        public Half(double[] target, double[][] basis, int first)
        {
            double[][] thinned = [.. basis.Select(v => EverySecond(v, first))];
            double[] aim = EverySecond(target, first);
            (_gram, _target) = (new double[basis.Length, basis.Length], [.. thinned.Select(v => Dot(v, aim))]);
            for (int i = 0; i < basis.Length; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    _gram[i, j] = _gram[j, i] = Dot(thinned[i], thinned[j]);
                }
            }
        }

        /// <summary>The coefficients that fit the target best, by Cholesky's decomposition of the normal equations.</summary>
        public double[] Fit(double ridge)
        {
            int size = _target.Length;
            var lower = new double[size, size];
            var solution = (double[])_target.Clone();
            for (int i = 0; i < size; i++)
            {
                for (int j = 0; j <= i; j++)
                {
                    double sum = _gram[i, j] + (i == j ? ridge : 0);
                    for (int k = 0; k < j; k++)
                    {
                        sum -= lower[i, k] * lower[j, k];
                    }

                    lower[i, j] = i == j ? Math.Sqrt(Math.Max(sum, ridge)) : sum / lower[j, j];
                }

                for (int k = 0; k < i; k++)
                {
                    solution[i] -= lower[i, k] * solution[k];
                }

                solution[i] /= lower[i, i];
            }

            for (int i = size - 1; i >= 0; i--)
            {
                for (int k = i + 1; k < size; k++)
                {
                    solution[i] -= lower[k, i] * solution[k];
                }

                solution[i] /= lower[i, i];
            }

            return solution;
        }

        /// <summary>The inner product of a combination with the target.</summary>
        public double Along(double[] coefficients) => Dot(coefficients, _target);

        public double SquaredLength(double[] coefficients)
        {
            double sum = 0;
            for (int i = 0; i < coefficients.Length; i++)
            {
                for (int j = 0; j < coefficients.Length; j++)
                {
                    sum += coefficients[i] * _gram[i, j] * coefficients[j];
                }
            }

            return Math.Max(0, sum);
        }

        private static double[] EverySecond(double[] vector, int first)
        {
            var thinned = new double[(vector.Length - first + 1) / 2];
            for (int i = 0; i < thinned.Length; i++)
            {
                thinned[i] = vector[first + (2 * i)];
            }

            return thinned;
        }
    }
}
