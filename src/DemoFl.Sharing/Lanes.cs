namespace DemoFl.Sharing;

/// <summary>
/// The counts that run beside the vector, always in Z_2^64 and in this order; the server learns only their totals. The
/// same record holds one party's lanes and the totals over the parties of a round. Prints nothing: a party's are secret.
/// </summary>
/// <param name="SampleCount">min(C_i, C_max), or its sum.</param>
/// <param name="Clipped">Clipped coordinates of the update.</param>
/// <param name="LossSum">Training loss summed over the evaluated samples; shared in fixed point of 2^-20.</param>
/// <param name="Correct">Correctly predicted samples.</param>
/// <param name="Evaluated">Samples over which loss and correct were counted.</param>
public sealed record Lanes(ulong SampleCount, ulong Clipped, double LossSum, ulong Correct, ulong Evaluated)
{
    /// <summary>The number of lanes.</summary>
    public const int Count = 5;

    /// <summary>Fraction bits of the loss lane: 2^20 units per 1.0.</summary>
    public const int LossFractionBits = 20;

    /// <summary>
    /// The largest magnitude of one party's lane, 2^47 - 1: 2^16 parties (<see cref="Encoding.MaxPartiesLimit"/>) stay
    /// below 2^63. For the loss that is 2^27, beyond which it is clamped.
    /// </summary>
    public const long MaxMagnitude = (1L << 47) - 1;

    private const double LossUnits = 1 << LossFractionBits;
    private const long MaxTotal = MaxMagnitude * Encoding.MaxPartiesLimit;

    /// <summary>One party's lanes as words of Z_2^64; the loss rounded to the nearest unit and clamped.</summary>
    /// <exception cref="ArgumentException">A count exceeds <see cref="MaxMagnitude"/> or the loss is NaN; names the lane.</exception>
    public RingVector ToVector()
    {
        if (double.IsNaN(LossSum))
            throw new ArgumentException("Lane LossSum is not a number.");
        var vector = new RingVector(RingWidth.Bits64, Count);
        vector.SetAt(0, Bounded(SampleCount, nameof(SampleCount)));
        vector.SetAt(1, Bounded(Clipped, nameof(Clipped)));
        vector.SetAt(2, (long)Math.Clamp(Math.Round(LossSum * LossUnits), -MaxMagnitude, MaxMagnitude));
        vector.SetAt(3, Bounded(Correct, nameof(Correct)));
        vector.SetAt(4, Bounded(Evaluated, nameof(Evaluated)));
        return vector;
    }

    /// <summary>Reads the totals from the unmasked sum.</summary>
    /// <param name="sum">The sum of at most 2^16 parties' vectors.</param>
    /// <exception cref="ArgumentException">The vector has another shape.</exception>
    /// <exception cref="InvalidDataException">A total is beyond what parties can reach: the shares do not belong together.</exception>
    public static Lanes FromTotals(RingVector sum)
    {
        RequireShape(sum);
        var loss = sum.SignedAt(2);
        if (loss is < -MaxTotal or > MaxTotal)
            throw new InvalidDataException("The total of lane LossSum is out of range: the shares do not belong together.");
        return new Lanes(
            Total(sum, 0, nameof(SampleCount)),
            Total(sum, 1, nameof(Clipped)),
            loss / LossUnits,
            Total(sum, 3, nameof(Correct)),
            Total(sum, 4, nameof(Evaluated)));
    }

    /// <summary>Never the values.</summary>
    public override string ToString() => "Lanes(redacted)";

    internal static void RequireShape(RingVector lanes)
    {
        if (lanes.Ring != RingWidth.Bits64 || lanes.Length != Count)
        {
            throw new ArgumentException(
                $"Lanes of {lanes.Length} words of {(int)lanes.Ring} bits must be {Count} words of 64 bits.", nameof(lanes));
        }
    }

    private static long Bounded(ulong value, string lane) => value <= MaxMagnitude
        ? (long)value
        : throw new ArgumentException($"Lane {lane} exceeds {MaxMagnitude}.");

    private static ulong Total(RingVector sum, int index, string lane)
    {
        var total = sum.SignedAt(index);
        return total is >= 0 and <= MaxTotal
            ? (ulong)total
            : throw new InvalidDataException($"The total of lane {lane} is out of range: the shares do not belong together.");
    }
}
