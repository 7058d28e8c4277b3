using DemoFl.Learning;
using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Sharing;

namespace DemoFl.Cli.Jobs;

/// <summary>Turns a job's values into what a server runs.</summary>
internal static class JobFactory
{
    public static Job Make(JobValues values)
    {
        // The test part gives the input's shape even where it is not used for judging.
        var test = Datasets.Load(values.Data).Test;
        var model = Models.Parse(values.Model, test.Input, test.Classes);
        var encoding = new EncodingRules(values.Ring, values.Clip, values.MaxSamples, Lanes.LossFractionBits, values.ClipMin, values.ClipMax);
        var training = new TrainingPlan(
            values.Model, model.Layout.Length, values.Epochs, values.Batch, values.LearningRate, values.Momentum, values.WeightDecay, values.Seed);
        var rules = new CoordinatorRules(
            default, values.Leaders, values.Election, values.ElectionWindow, values.KeyDeadline, values.Parties, values.Fraction, values.KMin, values.Layout,
            encoding, training, values.UploadDeadline, values.CloseDeadline, values.Rounds);
        return new Job(values.Identity, model, values.Seed, rules, values.Evaluate ? test : null);
    }
}
