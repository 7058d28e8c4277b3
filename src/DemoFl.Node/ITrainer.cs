using DemoFl.Learning;

namespace DemoFl.Node;

/// <summary>What a federation trains, as its server announces it.</summary>
/// <param name="Model">The model, as the job names it.</param>
/// <param name="Input">The shape of one example.</param>
/// <param name="Classes">The number of classes.</param>
/// <param name="Tensors">W's tensors, in the order in which they lie in the vector.</param>
/// <param name="Layout">How updates reach the sum.</param>
/// <param name="Leaders">N_l.</param>
/// <param name="KMin">k_min.</param>
public sealed record JobTerms(string Model, InputShape Input, int Classes, ParameterLayout Tensors, Layout Layout, int Leaders, int KMin)
{
    /// <summary>d.</summary>
    public int Dimension => Tensors.Length;
}

/// <summary>Trains one party's update. One call at a time.</summary>
public interface ITrainer
{
    /// <summary>Says what keeps this trainer from doing the job, or null. Asked at every join, before the first round of that membership.</summary>
    Task<string?> ObjectionAsync(JobTerms job, CancellationToken cancellation);

    /// <summary>
    /// Trains in place: <paramref name="parameters"/> is W_t on entry and W_i on return. In a stage before training, the party's own statistics of its
    /// columns take the place of those in W_t, and nothing else changes.
    /// </summary>
    /// <exception cref="TrainerException">A trainer of the owner's did not deliver.</exception>
    Task<TrainingResult> TrainAsync(Memory<float> parameters, RoundSpec spec, CancellationToken cancellation);
}
