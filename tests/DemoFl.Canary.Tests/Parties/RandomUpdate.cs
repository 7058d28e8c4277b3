using DemoFl.Learning;
using DemoFl.Protocol;

namespace DemoFl.Canary.Tests.Parties;

/// <summary>An update that moves every coordinate, so that no sum of several equals one of them; of weight 1.</summary>
internal static class RandomUpdate
{
    public static void AddTo(Span<float> parameters)
    {
        foreach (ref float value in parameters)
        {
            value += (Random.Shared.NextSingle() - 0.5f) * 0.02f;
        }
    }

    public static TrainingResult Result(RoundSpec spec)
    {
        long samples = spec.Encoding.MaxSampleCount;
        return new TrainingResult(samples, samples, samples / 2, samples);
    }
}
