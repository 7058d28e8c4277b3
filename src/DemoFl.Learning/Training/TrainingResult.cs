namespace DemoFl.Learning;

/// <summary>
/// What local training reports beside the parameters. Loss and hits are those seen while training in the last epoch, each example judged
/// just before the step that it takes part in.
/// </summary>
/// <param name="SampleCount">C_i: the party's examples.</param>
/// <param name="LossSum">The sum of the cross-entropy losses, in nats.</param>
/// <param name="Correct">How many examples were classified correctly.</param>
/// <param name="Evaluated">How many examples LossSum and Correct cover.</param>
public sealed record TrainingResult(long SampleCount, double LossSum, long Correct, long Evaluated);
