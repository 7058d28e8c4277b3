using System.Globalization;

namespace DemoFl.Protocol;

/// <summary>How good a committed model is.</summary>
/// <param name="Loss">Mean loss, in nats; NaN when unknown.</param>
/// <param name="Accuracy">Share of right answers, 0 to 1; NaN when unknown.</param>
public readonly record struct Judgement(double Loss, double Accuracy)
{
    /// <summary>What the parties saw while they trained: the mean over the totals of their lanes, unknown when they judged nothing.</summary>
    public static Judgement OfParties(RoundTotals totals) => totals.Evaluated == 0
        ? new Judgement(double.NaN, double.NaN)
        : new Judgement(totals.LossSum / totals.Evaluated, (double)totals.Correct / totals.Evaluated);
}

/// <summary>When a run is good enough to end before its last round. Either target ends it.</summary>
/// <param name="Accuracy">The least accuracy, above 0 to 1, or null.</param>
/// <param name="Loss">The largest loss, above 0, or null.</param>
public sealed record StopTarget(double? Accuracy, double? Loss)
{
    /// <summary>Why a run ends with a model that is this good, or null when it goes on.</summary>
    public string? ReachedBy(Judgement judged)
    {
        if (judged.Accuracy >= Accuracy)
        {
            return string.Create(CultureInfo.InvariantCulture, $"accuracy {judged.Accuracy:0.0000} reached the target of {Accuracy}");
        }

        return judged.Loss <= Loss
            ? string.Create(CultureInfo.InvariantCulture, $"loss {judged.Loss:0.0000} reached the target of {Loss}")
            : null;
    }
}
