using System.Globalization;
using DemoFl.Protocol;

namespace DemoFl.Cli.Output;

/// <summary>The rounds before training, for people.</summary>
internal static class StatisticsText
{
    /// <summary>What a round was for; null for training.</summary>
    public static string? StageOf(TrainingStage stage) => stage == TrainingStage.Training ? null : stage.ToString().ToLowerInvariant();

    /// <summary>In the place of a model's figures.</summary>
    public static string Measured(string stage) => $"the columns' {stage} are known";

    public static string Clipped(string round, string stage, string values, double clip) => string.Create(
        CultureInfo.InvariantCulture,
        $"WARNING: round {round}: {values} of the parties' {stage} of columns were cut at {clip:0} and are wrong, so those columns are badly scaled. "
        + $"Look for columns beyond {StatisticsEncoding.MeansClip:0}, or that are 0 but for one example in a million; change their unit or leave them out.");
}
