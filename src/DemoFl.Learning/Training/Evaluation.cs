namespace DemoFl.Learning;

/// <summary>How well a model does on a data set.</summary>
/// <param name="Loss">The mean cross-entropy, in nats.</param>
/// <param name="Accuracy">The share classified correctly, 0 to 1.</param>
/// <param name="Count">The number of examples.</param>
public sealed record Evaluation(double Loss, double Accuracy, int Count);
