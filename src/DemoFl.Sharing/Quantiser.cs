namespace DemoFl.Sharing;

/// <summary>Turns one coordinate after another into units of the ring and counts the clipped ones.</summary>
internal struct Quantiser(Encoding encoding, double weight)
{
    public const double RoundingRange = 1UL << 32;

    private readonly double _clip = encoding.Clip;
    private readonly double _unitsPerValue = encoding.UnitsPerValue;
    private readonly long _maxUnits = encoding.MaxUnits;

    // 2^(b-1) - 1 where a double can hold it, else 2^(b-1): either way all doubles below it convert without overflow.
    private readonly double _limit = encoding.MaxUnits;

    public long ClippedCount { get; private set; }

    public long Quantise(double delta, uint random)
    {
        var value = weight * delta;
        if (Math.Abs(value) > _clip)
        {
            ClippedCount++;
            value = Math.CopySign(_clip, value);
        }

        var scaled = value * _unitsPerValue;
        var floor = Math.Floor(scaled);
        if (floor >= _limit)
            return _maxUnits;
        if (floor < -_limit)
            return -_maxUnits;

        // A half added to the bits makes the chance of rounding up exact to half a step of 2^-32, not a whole one.
        var roundsUp = random + 0.5 < (scaled - floor) * RoundingRange;
        var units = (long)floor + (roundsUp ? 1 : 0);
        return Math.Clamp(units, -_maxUnits, _maxUnits);
    }
}
