using System.Runtime.InteropServices;
using System.Security.Cryptography;
using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Sharing;

namespace DemoFl.Node.Rounds;

/// <summary>Makes a party's update from W_t: train, take the difference, encode.</summary>
internal sealed class UpdateMaker(ITrainer trainer)
{
    /// <exception cref="NonFiniteUpdateException">Training diverged.</exception>
    public async Task<PreparedUpdate> MakeAsync(RoundSpec spec, float[] model, CancellationToken cancellation)
    {
        float[] trained = [.. model];
        var result = await trainer.TrainAsync(trained, spec, cancellation);
        var nonce = new Nonce(new Hash256(RandomNumberGenerator.GetBytes(Hash256.Size)));
        return await HeavyWork.RunAsync(
            () => spec.Layout == Layout.Plain ? Plain(spec, nonce, model, trained, result) : Encoded(spec, nonce, model, trained, result), cancellation);
    }

    private static PreparedUpdate Encoded(RoundSpec spec, Nonce nonce, float[] before, float[] after, TrainingResult result)
    {
        var encoding = EncodingOf(spec);
        var vector = new RingVector(encoding.Ring, before.Length);
        using var rounding = new SecureRounding();
        var encoded = FixedPoint.EncodeDelta(before, after, encoding.Weight(result.SampleCount), encoding, rounding, vector);
        return new PreparedUpdate(spec, nonce, vector.Memory, vector, LanesOf(encoding, result, encoded.ClippedCount));
    }

    private static PreparedUpdate Plain(RoundSpec spec, Nonce nonce, float[] before, float[] after, TrainingResult result)
    {
        var bytes = new byte[before.Length * sizeof(float)];
        var delta = MemoryMarshal.Cast<byte, float>(bytes.AsSpan());
        for (int i = 0; i < delta.Length; i++)
        {
            delta[i] = after[i] - before[i];
            if (!float.IsFinite(delta[i]))
            {
                throw new NonFiniteUpdateException(i);
            }
        }

        return new PreparedUpdate(spec, nonce, bytes, null, LanesOf(EncodingOf(spec), result, 0));
    }

    private static RingVector LanesOf(Sharing.Encoding encoding, TrainingResult result, long clipped) => new Lanes(
        encoding.CappedSampleCount(result.SampleCount), (ulong)clipped, result.LossSum, (ulong)result.Correct, (ulong)result.Evaluated).ToVector();

    private static Sharing.Encoding EncodingOf(RoundSpec spec) => new(
        (RingWidth)spec.Encoding.RingBits, spec.Participants.Length, spec.Encoding.Clip, spec.Encoding.MaxSampleCount);
}
