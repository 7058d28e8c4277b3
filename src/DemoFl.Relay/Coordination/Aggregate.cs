using DemoFl.Relay.Vectors;
using DemoFl.Sharing;

namespace DemoFl.Relay.Coordination;

/// <summary>What the vectors of a round add up to.</summary>
internal abstract class Aggregate
{
    /// <summary>The sum over B of what parties uploaded; in the rotating layout that is nothing yet.</summary>
    public static Aggregate OfUploads(RoundSpec spec, IReadOnlyList<ReceivedVector> uploads) =>
        spec.Layout == Layout.Plain ? new PlainAggregate(uploads) : new RingAggregate(spec).Plus(uploads);

    /// <summary>With the leaders' sums.</summary>
    public abstract Aggregate Plus(IReadOnlyList<ReceivedVector> vectors);

    /// <summary>W_{t+1} and the lanes' totals.</summary>
    /// <exception cref="UnusableSumException">sum C is 0 or impossible.</exception>
    public abstract (float[] Model, RoundTotals Totals) Apply(RoundSpec spec, ReadOnlySpan<float> model, int parties);

    protected static RoundTotals Totals(RoundSpec spec, RingVector lanes, int parties)
    {
        Lanes totals;
        try
        {
            totals = Lanes.FromTotals(lanes);
        }
        catch (InvalidDataException e)
        {
            throw new UnusableSumException($"the lanes do not add up: {e.Message}");
        }

        if (totals.SampleCount == 0)
        {
            throw new UnusableSumException("the parties hold no examples (sum C = 0)");
        }

        // Every party stays within C_max; a larger total means that vectors and masks did not belong together.
        return totals.SampleCount <= (ulong)parties * spec.Encoding.MaxSampleCount
            ? new RoundTotals(totals.SampleCount, totals.Clipped, totals.LossSum, totals.Correct, totals.Evaluated)
            : throw new UnusableSumException($"the sample counts add up to {totals.SampleCount}, more than {parties} parties can hold");
    }
}
