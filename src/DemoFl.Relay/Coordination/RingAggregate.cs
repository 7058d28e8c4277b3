using DemoFl.Relay.Vectors;
using DemoFl.Sharing;

namespace DemoFl.Relay.Coordination;

/// <summary>Masked or rotating: ring words and lanes, meaningless until the last leader's sum is in.</summary>
internal sealed class RingAggregate(RoundSpec spec) : Aggregate
{
    public RingVector Vector { get; } = new((RingWidth)spec.Encoding.RingBits, spec.Training.Dimension);

    public RingVector Lanes { get; } = new(RingWidth.Bits64, Sharing.Lanes.Count);

    public override Aggregate Plus(IReadOnlyList<ReceivedVector> vectors)
    {
        foreach (var vector in vectors)
        {
            vector.Read(Vector.AddAt);
            Lanes.AddAt(0, vector.Lanes);
        }

        return this;
    }

    public override RoundTotals Apply(RoundSpec spec, Span<float> model, int parties)
    {
        var totals = Totals(spec, Lanes, parties);
        FixedPoint.Apply(Vector, EncodingOf(spec), totals.SampleCount, model);
        return totals;
    }

    private static Sharing.Encoding EncodingOf(RoundSpec spec) => new(
        (RingWidth)spec.Encoding.RingBits, spec.Participants.Length, spec.Encoding.Clip, spec.Encoding.MaxSampleCount);
}
