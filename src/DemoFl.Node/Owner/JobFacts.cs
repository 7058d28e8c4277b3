using DemoFl.Learning;

namespace DemoFl.Node.Owner;

/// <summary>What an owner's policy judges of a job or a round; null where it is not known.</summary>
public sealed record JobFacts
{
    /// <summary>The model, as the job names it, without the layer that standardises columns.</summary>
    public required string Model { get; init; }

    /// <summary>How updates reach the sum.</summary>
    public required Layout Layout { get; init; }

    /// <summary>N_l; null in the plain layout, which has none.</summary>
    public int? Leaders { get; init; }

    /// <summary>k_min.</summary>
    public int KMin { get; init; }

    /// <summary>Local epochs.</summary>
    public int? Epochs { get; init; }

    /// <summary>From a round's opening to the end of uploads.</summary>
    public TimeSpan? UploadDeadline { get; init; }

    /// <summary>Whether parties give means or variances of their columns.</summary>
    public bool Standardizes { get; init; }

    /// <summary>What a server announces at the join.</summary>
    public static JobFacts Of(JobTerms job) => new()
    {
        Model = WithoutScaling(job.Model), Layout = job.Layout, Leaders = job.Layout == Layout.Plain ? null : job.Leaders, KMin = job.KMin,
        Standardizes = Models.IsStandardized(job.Model),
    };

    /// <summary>What a round's specification says.</summary>
    public static JobFacts Of(RoundSpec spec, LeaderSet? leaders) => new()
    {
        Model = WithoutScaling(spec.Training.Model), Layout = spec.Layout, Leaders = leaders?.Seats.Length, KMin = spec.KMin, Epochs = spec.Training.Epochs,
        UploadDeadline = spec.UploadDeadline, Standardizes = spec.Training.Stage != TrainingStage.Training || Models.IsStandardized(spec.Training.Model),
    };

    /// <summary>A standardized model is the model itself behind a layer; the owner says yes to either on its own.</summary>
    private static string WithoutScaling(string model) => Models.IsStandardized(model) ? model[Models.Standardized("").Length..] : model;
}
