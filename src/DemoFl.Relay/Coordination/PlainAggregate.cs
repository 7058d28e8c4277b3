using System.Runtime.InteropServices;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;

namespace DemoFl.Relay.Coordination;

/// <summary>Plain federated averaging (paper, eq. 2), without privacy: the mean of the updates weighted by capped sample counts, in doubles.</summary>
internal sealed class PlainAggregate(IReadOnlyList<ReceivedVector> uploads) : Aggregate
{
    public override Aggregate Plus(IReadOnlyList<ReceivedVector> vectors) =>
        vectors.Count == 0 ? this : throw new InvalidOperationException("The plain layout has no leaders' sums.");

    public override (float[] Model, RoundTotals Totals) Apply(RoundSpec spec, ReadOnlySpan<float> model, int parties)
    {
        var lanes = new RingVector(RingWidth.Bits64, Sharing.Lanes.Count);
        var weighted = new double[model.Length];
        foreach (var upload in uploads)
        {
            lanes.AddAt(0, upload.Lanes.Span);
            Accumulate(weighted, MemoryMarshal.Cast<byte, float>(upload.Bytes.Span), SampleCount(upload));
        }

        var totals = Totals(spec, lanes, parties);
        float[] next = model.ToArray();
        for (int i = 0; i < next.Length; i++)
        {
            next[i] = (float)(next[i] + (weighted[i] / totals.SampleCount));
        }

        return (next, totals);
    }

    private static ulong SampleCount(ReceivedVector upload)
    {
        var own = new RingVector(RingWidth.Bits64, Sharing.Lanes.Count);
        own.AddAt(0, upload.Lanes.Span);
        return Sharing.Lanes.FromTotals(own).SampleCount;
    }

    private static void Accumulate(Span<double> weighted, ReadOnlySpan<float> update, double weight)
    {
        for (int i = 0; i < update.Length; i++)
        {
            if (!float.IsFinite(update[i]))
            {
                throw new UnusableSumException($"a plain update is not finite at coordinate {i}");
            }

            weighted[i] += weight * update[i];
        }
    }
}
