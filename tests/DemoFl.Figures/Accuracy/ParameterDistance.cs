namespace DemoFl.Figures.Accuracy;

/// <summary>How far two models are apart, coordinate by coordinate.</summary>
/// <param name="Parameters">How many were compared.</param>
/// <param name="Largest">The largest distance.</param>
/// <param name="LargestBeyondFloat">
/// The largest distance that is left when each of the two values may have been off by half the spacing of float32 at its place, as a value that
/// was rounded to float32 is.
/// </param>
/// <param name="ShareWithin">The share of parameters whose plain distance is within the bound.</param>
internal sealed record ParameterDistance(int Parameters, double Largest, double LargestBeyondFloat, double ShareWithin)
{
    public static ParameterDistance Between(ReadOnlySpan<float> one, ReadOnlySpan<float> other, double bound)
    {
        if (one.Length != other.Length)
        {
            throw new ArgumentException($"Models of {one.Length} and {other.Length} values must have one length.", nameof(other));
        }

        double largest = 0;
        double beyond = 0;
        int within = 0;
        for (int i = 0; i < one.Length; i++)
        {
            double distance = Math.Abs((double)one[i] - other[i]);
            largest = Math.Max(largest, distance);
            beyond = Math.Max(beyond, distance - ((SpacingAt(one[i]) + SpacingAt(other[i])) / 2));
            within += distance <= bound ? 1 : 0;
        }

        return new ParameterDistance(one.Length, largest, beyond, (double)within / one.Length);
    }

    private static double SpacingAt(float value) => (double)MathF.BitIncrement(Math.Abs(value)) - Math.Abs(value);
}
