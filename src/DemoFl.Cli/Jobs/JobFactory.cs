using DemoFl.Protocol;
using DemoFl.Relay;
using DemoFl.Sharing;

namespace DemoFl.Cli.Jobs;

/// <summary>Turns a job's values into what a server runs.</summary>
internal static class JobFactory
{
    /// <exception cref="CliException">The start does not fit the model.</exception>
    public static Job Make(JobValues values)
    {
        var start = StartModel.Of(values);
        string text = start is null ? values.Identity : $"{values.Identity} start-sha256={start.Sha256}";
        if (values.Model == TrainingPlan.ExternalModel)
        {
            // Only the nodes' trainers know more of the model than its tensors.
            return new Job(text, start!.Layout, start.Values, Rules(values, start.Layout.Length));
        }

        // The test part gives the input's shape even where it is not used for judging.
        var (data, model) = JobModel.Load(values);
        var (rules, heldOut) = (Rules(values, model.Layout.Length), values.Evaluate ? data.Test : null);
        return start is null
            ? Job.Of(text, model, values.Seed, rules, heldOut)
            : new Job(text, model.Layout, start.ArrangedFor(model), rules, model, heldOut);
    }

    private static CoordinatorRules Rules(JobValues values, int dimension)
    {
        var encoding = new EncodingRules(values.Ring, values.Clip, values.MaxSamples, Lanes.LossFractionBits, values.ClipMin, values.ClipMax);
        var training = new TrainingPlan(
            JobModel.SpecOf(values), dimension, values.Epochs, values.Batch, values.LearningRate, values.Momentum, values.WeightDecay, values.Seed, values.Proximal,
            Step(values));
        var target = values is { StopAccuracy: 0, StopLoss: 0 } ? null : new StopTarget(Wanted(values.StopAccuracy), Wanted(values.StopLoss));
        return new CoordinatorRules(
            default, values.Leaders, values.Election, values.ElectionWindow, values.KeyDeadline, values.Parties, values.Fraction, values.KMin, values.Layout,
            encoding, training, values.UploadDeadline, values.CloseDeadline, values.Rounds, Target: target,
            Standardize: values.Standardize)
        {
            Care = new LeaderCare(values.Heartbeat, values.MissedBeats, values.OnLeaderLost, values.Tenure, values.LeadersIntersect),
        };
    }

    private static ServerStep Step(JobValues values)
    {
        var step = values.ServerStep;
        return step.Method == ServerMethod.None ? default : step with
        {
            LearningRate = values.ServerLearningRate > 0 ? values.ServerLearningRate : ServerStepText.UsualLearningRate(step.Method),
        };
    }

    private static double? Wanted(double target) => target > 0 ? target : null;
}
