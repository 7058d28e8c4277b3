using DemoFl.Learning;

namespace DemoFl.Node;

/// <summary>What a federation trains, as its server announces it.</summary>
public sealed record JobTerms(string Model, InputShape Input, int Classes, int Dimension, Layout Layout, int Leaders, int KMin);

/// <summary>Trains one party's update. One call at a time.</summary>
public interface ITrainer
{
    /// <summary>Says what keeps this trainer from doing the job, or null.</summary>
    string? Objection(JobTerms job);

    /// <summary>Trains in place: <paramref name="parameters"/> is W_t on entry and W_i on return.</summary>
    Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation);
}
