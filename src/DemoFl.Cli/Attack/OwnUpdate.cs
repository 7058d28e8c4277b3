using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Cli.Attack;

/// <summary>A party's update in the attacked round: trained, encoded once, and the shares that leave the party.</summary>
internal sealed class OwnUpdate
{
    private OwnUpdate(float[] delta, RingVector encoded, RingVector lanes)
    {
        (Delta, Encoded, Lanes) = (delta, encoded, lanes);
        Masked = Rings.Copy(encoded);
    }

    /// <summary>Delta_i = W_i - W_t as it was trained: what an attack is judged by.</summary>
    public float[] Delta { get; }

    /// <summary>q_i.</summary>
    public RingVector Encoded { get; }

    /// <summary>y_i, once the masks are taken off.</summary>
    public RingVector Masked { get; }

    /// <summary>The lanes, masked with the vector.</summary>
    public RingVector Lanes { get; }

    public static OwnUpdate Make(RoundSpec spec, float[] start, LocalTrainer trainer, CancellationToken cancellation)
    {
        float[] trained = [.. start];
        var plan = spec.Training;
        var settings = new TrainingSettings(plan.Epochs, plan.BatchSize, (float)plan.LearningRate);
        var result = trainer.Train(trained, settings, plan.Seed, cancellation);

        var encoding = Rings.EncodingOf(spec);
        var vector = Rings.Zero(spec);
        using var rounding = new SecureRounding();
        var encoded = FixedPoint.EncodeDelta(start, trained, encoding.Weight(result.SampleCount), encoding, rounding, vector);
        var lanes = new Lanes(
            encoding.CappedSampleCount(result.SampleCount), (ulong)encoded.ClippedCount, result.LossSum, (ulong)result.Correct, (ulong)result.Evaluated);
        return new OwnUpdate([.. trained.Zip(start, (after, before) => after - before)], vector, lanes.ToVector());
    }

    /// <summary>y_i -= PRG(s_ij).</summary>
    public void Subtract(MaskSeed seed) => Mask.Subtract(seed, Masked, Lanes);
}
