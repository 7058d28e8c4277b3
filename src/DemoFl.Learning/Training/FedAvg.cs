namespace DemoFl.Learning;

/// <summary>
/// Plain federated averaging (McMahan et al., 2017), in one process and without any protection: the reference to compare with.
/// </summary>
public static class FedAvg
{
    /// <summary>The mean of the parties' parameters, weighted by their sample counts, summed in doubles in the order given.</summary>
    /// <param name="parameters">One vector per party, all of length d.</param>
    /// <param name="sampleCounts">C_i, 0 or more, with a positive sum.</param>
    /// <exception cref="ArgumentException">There are no parties, the lengths differ, or the counts are negative or sum up to
    /// zero.</exception>
    public static float[] WeightedMean(IReadOnlyList<float[]> parameters, IReadOnlyList<long> sampleCounts)
    {
        if (parameters.Count == 0 || parameters.Count != sampleCounts.Count)
            throw new ArgumentException(
                $"{parameters.Count} parameter vectors and {sampleCounts.Count} sample counts were given; one each per party is needed.");
        if (sampleCounts.Any(count => count < 0) || sampleCounts.Sum() <= 0)
            throw new ArgumentException("Sample counts must not be negative, and their sum must be positive.", nameof(sampleCounts));

        var length = parameters[0].Length;
        var sums = new double[length];
        for (var party = 0; party < parameters.Count; party++)
        {
            if (parameters[party].Length != length)
                throw new ArgumentException(
                    $"Party {party} has {parameters[party].Length} parameters, the first party {length}.", nameof(parameters));
            for (var i = 0; i < length; i++) sums[i] += sampleCounts[party] * (double)parameters[party][i];
        }

        var total = (double)sampleCounts.Sum();
        return Array.ConvertAll(sums, sum => (float)(sum / total));
    }
}
