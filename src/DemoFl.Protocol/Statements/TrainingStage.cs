namespace DemoFl.Protocol;

/// <summary>What a round makes of the parties' examples. The two statistics come before training, once a run, where a job standardises its columns.</summary>
public enum TrainingStage
{
    /// <summary>Parties train. The default.</summary>
    Training = 0,

    /// <summary>Each party gives its own mean and mean magnitude of every column.</summary>
    Means = 1,

    /// <summary>Each party gives its own mean square of every column's distance from the mean that is known by now, in magnitudes.</summary>
    Variances = 2,
}
