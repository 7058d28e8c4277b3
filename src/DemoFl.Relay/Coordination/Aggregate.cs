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

    /// <summary>Turns W_t into W_{t+1} and gives the lanes' totals. When it throws, <paramref name="model"/> is of no use any more.</summary>
    /// <exception cref="UnusableSumException">sum C is 0, or the sum cannot be one of <paramref name="parties"/> parties.</exception>
    public abstract RoundTotals Apply(RoundSpec spec, Span<float> model, int parties);

    protected static RoundTotals Totals(RoundSpec spec, RingVector lanes, int parties)
    {
        var totals = Read(lanes);
        if (totals.SampleCount == 0)
        {
            throw new UnusableSumException("the parties hold no examples (sum C = 0)");
        }

        // Every party stays within C_max; a larger total means that vectors and masks did not belong together.
        return totals.SampleCount <= (ulong)parties * spec.Encoding.MaxSampleCount
            ? new RoundTotals(totals.SampleCount, totals.Clipped, totals.LossSum, totals.Correct, totals.Evaluated)
            : throw new UnusableSumException($"the sample counts add up to {totals.SampleCount}, more than {parties} parties can hold");
    }

    protected static Lanes Read(RingVector lanes)
    {
        try
        {
            return Lanes.FromTotals(lanes);
        }
        catch (InvalidDataException e)
        {
            throw new UnusableSumException($"the lanes do not add up: {e.Message}");
        }
    }
}
