namespace DemoFl.Protocol;

/// <summary>
/// Statistics come first, once, in an encoding that everybody knows: asked for again, over other parties each time, their differences would tell of
/// single ones.
/// </summary>
internal sealed class StatisticsOrder(int done)
{
    /// <summary>How many of the stages before training are over.</summary>
    public int Done { get; private set; } = done;

    /// <summary>Why a round has no place in the order, or null.</summary>
    public string? Objection(RoundSpec spec)
    {
        var stage = spec.Training.Stage;
        int before = DoneBefore(stage);
        bool late = stage != TrainingStage.Training && before < Done;
        Done = Math.Max(Done, before);
        return late ? $"the round asks for the {stage} of columns, and that stage is over" : StatisticsEncoding.Objection(spec);
    }

    public void Committed(TrainingStage stage) => Done = Math.Max(Done, DoneBefore(stage) + 1);

    private static int DoneBefore(TrainingStage stage) => stage switch { TrainingStage.Means => 0, TrainingStage.Variances => 1, _ => 2 };
}
