using DemoFl.Learning;

namespace DemoFl.Cli.Jobs;

/// <summary>The embedded model of a job and the data that it is made for.</summary>
internal static class JobModel
{
    /// <summary>The model's specification as rounds and checkpoints name it.</summary>
    public static string SpecOf(JobValues job) => job.Standardize ? Models.Standardized(job.Model) : job.Model;

    /// <summary>Data and model; where the federation standardises columns, they are as their file has them.</summary>
    /// <exception cref="CliException">The data are to be scaled by two who know nothing of each other.</exception>
    public static (TrainTest Data, Model Model) Load(JobValues job)
    {
        var data = Datasets.Load(job.Data);
        if (job.Standardize)
        {
            data = data is { Train.Unscaled: { } train, Test.Unscaled: { } test }
                ? new TrainTest(train, test)
                : throw new CliException($"standardize is true, and data is {job.Data}, which scales the columns before. Leave scale=standard out.");
        }

        return (data, Models.Parse(SpecOf(job), data.Train.Input, data.Train.Classes));
    }
}
