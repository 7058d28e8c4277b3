using System.Runtime.InteropServices;
using DemoFl.Relay.Vectors;
using DemoFl.Sharing;

namespace DemoFl.Relay.Coordination;

/// <summary>Plain federated averaging (paper, eq. 2), without privacy: the mean of the updates weighted by capped sample counts, in doubles.</summary>
internal sealed class PlainAggregate(IReadOnlyList<ReceivedVector> uploads) : Aggregate
{
    public override Aggregate Plus(IReadOnlyList<ReceivedVector> vectors) =>
        vectors.Count == 0 ? this : throw new InvalidOperationException("The plain layout has no leaders' sums.");

    public override RoundTotals Apply(RoundSpec spec, Span<float> model, int parties)
    {
        var lanes = new RingVector(RingWidth.Bits64, Sharing.Lanes.Count);
        var weighted = new double[model.Length];
        foreach (var upload in uploads)
        {
            lanes.AddAt(0, upload.Lanes);
            double weight = SampleCount(upload, spec.Encoding.MaxSampleCount);
            upload.Read((offset, bytes) => Accumulate(weighted.AsSpan(offset / sizeof(float)), MemoryMarshal.Cast<byte, float>(bytes), weight));
        }

        var totals = Totals(spec, lanes, parties);
        for (int i = 0; i < model.Length; i++)
        {
            model[i] = (float)(model[i] + (weighted[i] / totals.SampleCount));
            RequireFinite(model[i], "the averaged model");
        }

        return totals;
    }

    private static ulong SampleCount(ReceivedVector upload, uint most)
    {
        var own = new RingVector(RingWidth.Bits64, Sharing.Lanes.Count);
        own.AddAt(0, upload.Lanes);
        ulong count = Read(own).SampleCount;
        return count <= most ? count : throw new UnusableSumException($"a party counts {count} examples, more than C_max = {most}");
    }

    private static void Accumulate(Span<double> weighted, ReadOnlySpan<float> update, double weight)
    {
        for (int i = 0; i < update.Length; i++)
        {
            RequireFinite(update[i], "a plain update");
            weighted[i] += weight * update[i];
        }
    }

    private static void RequireFinite(float value, string what)
    {
        if (!float.IsFinite(value))
        {
            throw new UnusableSumException($"{what} is not finite");
        }
    }
}
