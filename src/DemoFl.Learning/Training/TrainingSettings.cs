namespace DemoFl.Learning;

/// <summary>
/// How a party trains in one round: plain SGD with optional momentum and weight decay, as PyTorch defines them, and FedProx's proximal term.
/// </summary>
/// <param name="Epochs">Passes over the party's examples, 1 to 1,000.</param>
/// <param name="BatchSize">Examples per step, 1 to 65,536; the last batch of an epoch may be smaller.</param>
/// <param name="LearningRate">Step size, above 0 to 100.</param>
/// <param name="Momentum">0 (none) to below 1; the velocity starts at zero in every round.</param>
/// <param name="WeightDecay">L2 penalty, 0 to 1.</param>
/// <param name="Proximal">FedProx's mu, 0 (none) to 100: each gradient gains mu * (w - w_t), w_t being the global model.</param>
public sealed record TrainingSettings(
    int Epochs = 1, int BatchSize = 32, float LearningRate = 0.05f, float Momentum = 0, float WeightDecay = 0, float Proximal = 0)
{
    /// <summary>The most local epochs.</summary>
    public const int MaxEpochs = 1_000;

    /// <summary>The largest batch.</summary>
    public const int MaxBatchSize = 65_536;

    /// <summary>The largest learning rate.</summary>
    public const float MaxLearningRate = 100;

    /// <summary>The largest mu.</summary>
    public const float MaxProximal = 100;

    /// <summary>Everything that is out of range, one sentence each; empty when all is well.</summary>
    public IReadOnlyList<string> Errors()
    {
        var errors = new List<string>();
        if (Epochs is < 1 or > MaxEpochs) errors.Add($"Epochs is {Epochs}; allowed are 1 to {MaxEpochs}.");
        if (BatchSize is < 1 or > MaxBatchSize) errors.Add($"BatchSize is {BatchSize}; allowed are 1 to {MaxBatchSize}.");
        if (LearningRate is not (> 0 and <= MaxLearningRate))
            errors.Add($"LearningRate is {LearningRate}; allowed are above 0 to {MaxLearningRate}.");
        if (Momentum is not (>= 0 and < 1)) errors.Add($"Momentum is {Momentum}; allowed are 0 to below 1.");
        if (WeightDecay is not (>= 0 and <= 1)) errors.Add($"WeightDecay is {WeightDecay}; allowed are 0 to 1.");
        if (Proximal is not (>= 0 and <= MaxProximal)) errors.Add($"Proximal is {Proximal}; allowed are 0 to {MaxProximal}.");
        return errors;
    }

    /// <summary>Throws one <see cref="ArgumentException"/> that names every setting out of range.</summary>
    public void Validate()
    {
        if (Errors() is { Count: > 0 } errors) throw new ArgumentException(string.Join(' ', errors));
    }
}
