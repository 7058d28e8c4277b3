namespace DemoFl.Learning;

/// <summary>Local training left the finite numbers. The text says what to change and tells nothing of the examples.</summary>
public sealed class TrainingDivergedException : ArithmeticException
{
    /// <param name="epoch">The epoch whose loss is not finite, from 1.</param>
    /// <param name="learningRate">The learning rate it happened with.</param>
    public TrainingDivergedException(int epoch, float learningRate)
        : base($"training diverged in epoch {epoch}: the loss is not finite; lower lr, which is {learningRate}, or scale the features") =>
        (Epoch, LearningRate) = (epoch, learningRate);

    /// <summary>The epoch whose loss is not finite, from 1.</summary>
    public int Epoch { get; }

    /// <summary>The learning rate it happened with.</summary>
    public float LearningRate { get; }
}
