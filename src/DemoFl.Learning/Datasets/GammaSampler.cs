namespace DemoFl.Learning;

/// <summary>Draws from the gamma and the symmetric Dirichlet distribution.</summary>
internal static class GammaSampler
{
    /// <summary>Proportions that sum up to 1. Drawn as logarithms: with a small alpha all gamma variates may underflow to zero.</summary>
    public static double[] Dirichlet(SeededRandom random, int count, double alpha)
    {
        var logs = new double[count];
        for (var i = 0; i < count; i++) logs[i] = LogGamma(random, alpha);
        var largest = logs.Max();
        var weights = Array.ConvertAll(logs, log => Math.Exp(log - largest));
        var total = weights.Sum();
        return Array.ConvertAll(weights, weight => weight / total);
    }

    // Marsaglia and Tsang (2000); shapes below 1 by Gamma(a) = Gamma(a + 1) * U^(1/a).
    private static double LogGamma(SeededRandom random, double shape)
    {
        if (shape < 1) return LogGamma(random, shape + 1) + (Math.Log(1 - random.NextDouble()) / shape);

        var d = shape - (1.0 / 3);
        var c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            var x = Normal(random);
            var v = 1 + (c * x);
            if (v <= 0) continue;
            v = v * v * v;
            if (Math.Log(1 - random.NextDouble()) < (0.5 * x * x) + (d * (1 - v + Math.Log(v)))) return Math.Log(d * v);
        }
    }

    // Marsaglia's polar method.
    private static double Normal(SeededRandom random)
    {
        while (true)
        {
            var (u, v) = (random.NextBetween(-1, 1), random.NextBetween(-1, 1));
            var s = (u * u) + (v * v);
            if (s is > 0 and < 1) return u * Math.Sqrt(-2 * Math.Log(s) / s);
        }
    }
}
