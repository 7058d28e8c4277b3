namespace DemoFl.Sharing;

/// <summary>
/// The public rule by which the clip range follows the totals. Server and nodes compute it from the same totals and
/// must agree to the bit: it uses integers and doubling or halving only.
/// </summary>
/// <param name="Clip">c of this round.</param>
/// <param name="QuietRounds">Committed rounds in a row, up to this one, in which nothing was clipped at this c.</param>
public readonly record struct ClipState(double Clip, int QuietRounds)
{
    /// <summary>c is doubled when more than one in this many coordinates was clipped (0.1 %).</summary>
    public const int ClippedOneIn = 1000;

    /// <summary>c is halved after this many rounds in a row without clipping.</summary>
    public const int QuietRoundsToHalve = 5;

    /// <summary>The state of the next round; an aborted round has no totals and changes nothing.</summary>
    /// <param name="clippedTotal">The total of the lane of clipped coordinates; more than parties * d is a lie and counts as much.</param>
    /// <param name="parties">|B|, the parties in the sum, at least 1.</param>
    /// <param name="dimension">d, the coordinates of one update, at least 1.</param>
    /// <param name="bounds">The job's bounds; the result lies within them even if this state does not.</param>
    /// <exception cref="ArgumentException">An argument is out of range, or the bounds are.</exception>
    public ClipState Next(ulong clippedTotal, int parties, int dimension, ClipBounds bounds)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parties, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(dimension, 1);
        if (!(bounds.Minimum >= Encoding.MinClip && bounds.Minimum <= bounds.Maximum && bounds.Maximum <= Encoding.MaxClip))
            throw new ArgumentException("Clip bounds must satisfy 2^-10 <= minimum <= maximum <= 2^10.", nameof(bounds));
        var coordinates = (ulong)parties * (ulong)dimension;

        // Divided rather than multiplied: clippedTotal * 1000 could pass 2^64.
        if (clippedTotal > coordinates / ClippedOneIn)
            return new ClipState(Within(Clip * 2, bounds), 0);
        if (clippedTotal > 0)
            return new ClipState(Within(Clip, bounds), 0);
        return QuietRounds + 1 >= QuietRoundsToHalve
            ? new ClipState(Within(Clip / 2, bounds), 0)
            : new ClipState(Within(Clip, bounds), QuietRounds + 1);
    }

    private static double Within(double clip, ClipBounds bounds) => Math.Clamp(clip, bounds.Minimum, bounds.Maximum);
}
