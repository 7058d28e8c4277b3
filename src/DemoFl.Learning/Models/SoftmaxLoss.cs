namespace DemoFl.Learning;

/// <summary>Softmax and cross-entropy on the model's last outputs (logits), in doubles.</summary>
internal static class SoftmaxLoss
{
    /// <summary>-log of the probability that softmax gives the label.</summary>
    public static double LossOf(ReadOnlySpan<float> logits, int label) => LogSum(logits) - logits[label];

    /// <summary>The loss, and its gradient by the logits times <paramref name="scale"/>.</summary>
    public static double LossAndGradient(ReadOnlySpan<float> logits, int label, float scale, Span<float> gradient)
    {
        var logSum = LogSum(logits);
        for (var i = 0; i < logits.Length; i++) gradient[i] = (float)(Math.Exp(logits[i] - logSum) - (i == label ? 1 : 0)) * scale;
        return logSum - logits[label];
    }

    /// <summary>The class with the largest logit, the first of equals.</summary>
    public static int Predict(ReadOnlySpan<float> logits)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best]) best = i;
        }

        return best;
    }

    private static double LogSum(ReadOnlySpan<float> logits)
    {
        // Subtracting the largest logit keeps the exponentials from overflowing.
        double largest = logits[Predict(logits)];
        double sum = 0;
        foreach (var logit in logits) sum += Math.Exp(logit - largest);
        return largest + Math.Log(sum);
    }
}
